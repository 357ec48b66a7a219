using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Stoa.Testing;

/// <summary>
/// Azurite's table and blob services in memory, on ports that the system chose. It ends with this object, or with the test process.
/// </summary>
public sealed partial class Azurite : IAsyncDisposable
{
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _node;

    private Azurite(Process node) => _node = node;

    public Uri Tables { get; private set; } = null!;

    public Uri Blobs { get; private set; } = null!;

    public string ConnectionString => $"AccountName={Account};AccountKey={Key};TableEndpoint={Tables};BlobEndpoint={Blobs}";

    /// <summary>Plain HTTP and the account key.</summary>
    public static Task<Azurite> StartAsync(CancellationToken ct) => StartAsync([], ct);

    /// <summary>HTTPS with this certificate, which admits Entra tokens too (their signature is not checked).</summary>
    public static Task<Azurite> StartWithOAuthAsync(string certificatePem, string keyPem, CancellationToken ct) =>
        StartAsync(["--oauth", "basic", "--cert", certificatePem, "--key", keyPem], ct);

    public async ValueTask DisposeAsync()
    {
        _node.Kill();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }

    private static async Task<Azurite> StartAsync(string[] options, CancellationToken ct)
    {
        var script = await NodeModules.PathOfAsync(Path.Combine("azurite", "dist", "src", "azurite.js"), ct);
        var node = Process.Start(new ProcessStartInfo("node",
        [
            "--require", Repository.PathOf("tests", "Stoa.Testing", "exit-with-parent.cjs"), script,
            "--blobPort", "0", "--tablePort", "0", "--queuePort", "0",
            "--inMemoryPersistence", "--disableTelemetry", "--silent", .. options,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var azurite = new Azurite(node);
        try
        {
            await azurite.ReadPortsAsync(ct);
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }

        return azurite;
    }

    private async Task ReadPortsAsync(CancellationToken ct)
    {
        while (Tables is null || Blobs is null)
        {
            var line = await _node.StandardOutput.ReadLineAsync(ct)
                ?? throw new InvalidOperationException($"Azurite ended while starting, with exit code {_node.ExitCode}.");
            if (Listening().Match(line) is { Success: true } match)
            {
                var endpoint = new Uri($"{match.Groups["url"].Value}/{Account}");
                if (match.Groups["service"].Value is "Table")
                {
                    Tables = endpoint;
                }
                else
                {
                    Blobs = endpoint;
                }
            }
        }
    }

    [GeneratedRegex(@"Azurite (?<service>Table|Blob) service is successfully listening at (?<url>https?://\S+:\d+)")]
    private static partial Regex Listening();
}
