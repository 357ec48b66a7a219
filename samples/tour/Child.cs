using System.Diagnostics;

namespace Stoa.Samples.Tour;

/// <summary>A program beside this one, run as a process of its own until disposed. It says on a line of its output where it listens.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _drained;

    private Child(Process process, string url, string adminKey)
    {
        (_process, Url, AdminKey) = (process, url, adminKey);

        // Nobody reads on, and a full pipe would stop the program.
        _drained = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), process.StandardError.BaseStream.CopyToAsync(Stream.Null));
    }

    public string Url { get; }

    public string AdminKey { get; }

    public static async Task<Child> StartAsync(string dll, string marker, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, dll)]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Settings of the shell must not leak into the story.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("Stoa__", StringComparison.OrdinalIgnoreCase) || n is "FUNCTIONS_CUSTOMHANDLER_PORT" or "WEBSITE_INSTANCE_ID").ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{dll} cannot be started.");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(marker, StringComparison.Ordinal) && line.Split(' ').LastOrDefault(word => word.StartsWith("http", StringComparison.Ordinal)) is { } url)
            {
                return new(process, url, environment.GetValueOrDefault("Stoa__AdminKey", ""));
            }
        }

        throw new InvalidOperationException($"{dll} ended before it listened: {await process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _drained;
        _process.Dispose();
    }
}
