using System.CommandLine;
using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;
using Stoa.Ledger.Records;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa audit fetch</c>: the ledger's files, as <c>stoa audit verify</c> takes them.</summary>
internal sealed class AuditFetchCommand : CliCommand
{
    // Each names nothing that a later one lacks; the ledger grows meanwhile, and the registry comes last since it is written first.
    private static readonly string[] Folders = ["checkpoints/", "segments/", "tile/", "ledger/"];

    private readonly Argument<string> _folder = new("folder") { Description = "Where to put the files; what is there already is not fetched again." };

    public AuditFetchCommand(Surroundings surroundings)
        : base(surroundings, "fetch", "Downloads the audit ledger, to be verified.") =>
        Add(_folder);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("Download, and later only what is new", "stoa audit fetch ./audit"),
    ];

    public override string Details =>
        """
        For administrators of the platform: the ledger holds records of all tenants. What was fetched before is kept and only what is new is
        fetched, so that the folder also shows when the gateway's files have changed: verify it as a whole. The public key is not fetched, as
        a key that comes with the ledger proves nothing; GET /manage/v1/audit/key gives it once.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var root = Path.GetFullPath(call.Parsed.GetRequiredValue(_folder));
        using var gateway = call.Manage();
        try
        {
            return await FetchAllAsync(call, gateway, root, ct);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandStop.Usage($"The ledger cannot be kept in {root}: {fault.Message}", "Name a folder that you may write to, with room; what is there already is not fetched again.");
        }
    }

    private async Task<int> FetchAllAsync(Invocation call, GatewayClient gateway, string root, CancellationToken ct)
    {
        var (files, bytes) = (0, 0L);
        foreach (var folder in Folders)
        {
            await foreach (var file in gateway.ListAsync(GatewayPath.Of("manage/v1/audit/files").With("folder", folder), "files", "continue", "continue", ct))
            {
                var name = file.Text("name");
                var fetched = await FetchAsync(gateway, PathIn(root, name), name, file["length"]!.GetValue<long>(), ct);
                files += fetched > 0 ? 1 : 0;
                bytes += fetched;
            }
        }

        bytes += await FetchRegistryAsync(gateway, PathIn(root, Registration.FileName), ct);
        if (!call.Format.TryPrint(call.Out, new JsonObject { ["folder"] = root, ["files"] = files, ["bytes"] = bytes }))
        {
            call.Out.Line(($"Fetched {files} new or grown files, {bytes} bytes, to {root}.", Tint.None));
        }

        return ExitCode.Ok;
    }

    // A table that can be changed: a line that is gone from it says more than the others.
    private static async Task<long> FetchRegistryAsync(GatewayClient gateway, string path, CancellationToken ct)
    {
        var aside = path + ".new";
        File.Delete(aside);
        var bytes = await FetchAsync(gateway, aside, Registration.FileName, long.MaxValue, ct);
        if (File.Exists(path))
        {
            await File.AppendAllLinesAsync(aside, (await File.ReadAllLinesAsync(path, ct)).Except(await File.ReadAllLinesAsync(aside, ct)), ct);
        }

        File.Move(aside, path, overwrite: true);
        return bytes;
    }

    // The gateway's word does not decide where files of this machine are.
    private static string PathIn(string root, string name)
    {
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : throw CommandStop.Usage($"The gateway names a file outside of the folder: {name}.");
    }

    private static async Task<long> FetchAsync(GatewayClient gateway, string path, string name, long length, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.Seek(0, SeekOrigin.End);
        var before = file.Length;
        while (file.Length < length)
        {
            var bytes = await gateway.DownloadAsync(GatewayPath.Of("manage/v1/audit/files", name.Split('/')).With("from", file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)), ct);
            if (bytes.Length == 0)
            {
                break;
            }

            // A blob may have grown since it was listed; more than was listed could name what no registry knows yet.
            await file.WriteAsync(bytes.AsMemory(0, (int)Math.Min(bytes.Length, length - file.Length)), ct);
        }

        return file.Length - before;
    }
}
