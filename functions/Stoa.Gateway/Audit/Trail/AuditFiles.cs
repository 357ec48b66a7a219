using System.Text;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>The ledger as the folder of files that <c>stoa audit verify</c> takes.</summary>
internal sealed class AuditFiles(IAppendStore ledger, IBlobStore blobs, IRowStore rows)
{
    /// <summary>The folders, in an order in which each names nothing that a later one lacks.</summary>
    public static readonly IReadOnlyList<string> Folders = [Checkpoint.Folder, SegmentList.Folder, "tile/", LedgerBlobName.Folder];

    private const int Page = 1000;
    private const int MostBytes = 4 * 1024 * 1024;

    public ValueTask<BlobPage> ListAsync(string folder, string? continuation, CancellationToken ct) => folder == LedgerBlobName.Folder
        ? ledger.ListAsync(LedgerWriter.Container, folder, Page, continuation, ct)
        : blobs.ListAsync(LedgerWriter.Container, folder, Page, continuation, ct);

    /// <summary>Bytes from there on, at most 4 MiB; null when there is no such file.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string name, long from, CancellationToken ct)
    {
        if (LedgerBlobName.TryParse(name, out _))
        {
            return await ledger.ReadAsync(LedgerWriter.Container, name, from, MostBytes, ct);
        }

        var content = name == Registration.FileName ? await RegistryAsync(ct)
            : IsFile(name) ? (await blobs.GetAsync(LedgerWriter.Container, name, ct))?.Content
            : null;
        if (content is not { } bytes)
        {
            return null;
        }

        return from >= bytes.Length
            ? default(ReadOnlyMemory<byte>)
            : bytes.Slice((int)from, (int)Math.Min(MostBytes, bytes.Length - from));
    }

    private static bool IsFile(string name) =>
        Stoa.Ledger.Merkle.TilePath.TryParse(name, out _)
        || new[] { Checkpoint.Folder, SegmentList.Folder }.Any(f => name.StartsWith(f, StringComparison.Ordinal) && Checkpoint.TryParseSize(name[f.Length..], out _));

    private async ValueTask<ReadOnlyMemory<byte>?> RegistryAsync(CancellationToken ct)
    {
        var lines = new StringBuilder();
        string? next = null;
        do
        {
            var page = await rows.ListAsync(InstanceRegistry.Table, new RowRange(), Page, next, ct);
            foreach (var row in page.Rows)
            {
                lines.Append(Encoding.UTF8.GetString(row.Value.Span)).Append('\n');
            }

            next = page.Continuation;
        }
        while (next is not null);
        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
