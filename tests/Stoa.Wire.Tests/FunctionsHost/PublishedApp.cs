using System.Diagnostics;
using Stoa.Testing;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>
/// The app as <c>dotnet publish</c> leaves it. Published once per test run, which takes a minute or more; STOA_PUBLISHED_APP names a folder
/// that holds one already.
/// </summary>
public sealed class PublishedApp : IAsyncLifetime
{
    public string Folder { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("STOA_PUBLISHED_APP") is { Length: > 0 } ready)
        {
            Folder = Path.GetFullPath(ready, Repository.Root);
            return;
        }

        Folder = Repository.PathOf("out", "tested-app");
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", "functions/Stoa.Functions", "--output", Folder, "--nologo", "-nodeReuse:false"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = publish.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (publish.ExitCode is not 0 || output.Contains("warning", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"dotnet publish failed or warned.\n{output}{await errors}");
        }
    }

    public ValueTask DisposeAsync() => default;
}
