using System.Diagnostics;

namespace Stoa.Testing;

/// <summary>The npm packages of tests/package.json, installed once by whichever test process comes first.</summary>
public static class NodeModules
{
    private static readonly string Tests = Repository.PathOf("tests");

    public static async Task<string> PathOfAsync(string file, CancellationToken ct)
    {
        var path = Path.Combine(Tests, "node_modules", file);
        if (!IsInstalled(path))
        {
            await InstallAsync(path, ct);
        }

        return File.Exists(path) ? path : throw new FileNotFoundException("tests/package.json does not bring this file.", path);
    }

    // npm writes its own lock file last.
    private static bool IsInstalled(string path) =>
        File.Exists(path) && File.Exists(Path.Combine(Tests, "node_modules", ".package-lock.json"));

    private static async Task InstallAsync(string wanted, CancellationToken ct)
    {
        await using var turn = await TakeTurnAsync(ct);
        if (IsInstalled(wanted))
        {
            return;
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Tests,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync(ct);
        var errors = await npm.StandardError.ReadToEndAsync(ct);
        await npm.WaitForExitAsync(ct);
        if (npm.ExitCode is not 0)
        {
            throw new InvalidOperationException(
                $"npm ci in tests/ failed; Node 20 or later and a registry are needed.\n{await output}{errors}");
        }
    }

    private static async Task<FileStream> TakeTurnAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(Tests, "obj"));
        using var retry = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                return new(Path.Combine(Tests, "obj", "npm.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                await retry.WaitForNextTickAsync(ct);
            }
        }
    }
}
