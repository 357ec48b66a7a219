using System.Diagnostics;
using Stoa.Testing;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>
/// The app as <c>dotnet publish</c> leaves it. Published by the first test that asks, once per test run, which takes a minute or more;
/// STOA_PUBLISHED_APP names a folder that holds one already.
/// </summary>
public sealed class PublishedApp
{
    private readonly Lazy<Task<string>> _folder = new(() => Environment.GetEnvironmentVariable("STOA_PUBLISHED_APP") is { Length: > 0 } ready
        ? Task.FromResult(Path.GetFullPath(ready, Repository.Root))
        : PublishAsync(Repository.PathOf("out", "tested-app")));

    public Task<string> FolderAsync() => _folder.Value;

    private static async Task<string> PublishAsync(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", "functions/Stoa.Functions", "--output", folder, "--nologo", "-nodeReuse:false"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = publish.StandardError.ReadToEndAsync();
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();

        // NuGet's audit warns when its source does not answer, and of new advisories: neither is a fault of what is published.
        var hasWarned = output.Split('\n').Any(line => line.Contains("warning", StringComparison.Ordinal) && !line.Contains("warning NU190", StringComparison.Ordinal));
        return publish.ExitCode is 0 && !hasWarned
            ? folder
            : throw new InvalidOperationException($"dotnet publish failed or warned.\n{output}{await errors}");
    }
}
