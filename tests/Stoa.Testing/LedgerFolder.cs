using System.Text;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Testing;

/// <summary>The ledger downloaded into a folder, as the offline verifier takes it.</summary>
internal static class LedgerFolder
{
    /// <summary>What the verifier finds in all that the stores hold, when no instance runs any more. Nothing is sealed yet and no key is given, so it says that too.</summary>
    public static async Task<IReadOnlyList<Finding>> VerifyAsync(IAppendStore blobs, IRowStore rows, CancellationToken ct)
    {
        var root = Directory.CreateTempSubdirectory("stoa-ledger-").FullName;
        try
        {
            await SaveAsync(root, blobs, rows, ct);
            var findings = new List<Finding>();
            new LedgerVerifier(new FolderSource(root), new VerifyOptions { Running = TimeSpan.Zero }, findings.Add).Run(progress: null, ct);
            return findings;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task SaveAsync(string root, IAppendStore blobs, IRowStore rows, CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await blobs.ListAsync(LedgerWriter.Container, LedgerBlobName.Folder, 1000, next, ct);
            foreach (var blob in page.Entries)
            {
                var path = Path.Combine(root, blob.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, (await blobs.ReadAsync(LedgerWriter.Container, blob.Name, 0, 32 * 1024 * 1024, ct))!.Value, ct);
            }

            next = page.Continuation;
        }
        while (next is not null);

        var registry = new StringBuilder();
        do
        {
            var page = await rows.ListAsync(InstanceRegistry.Table, new RowRange(), 1000, next, ct);
            page.Rows.ToList().ForEach(row => registry.Append(Encoding.UTF8.GetString(row.Value.Span)).Append('\n'));
            next = page.Continuation;
        }
        while (next is not null);
        await File.WriteAllTextAsync(Path.Combine(root, Registration.FileName), registry.ToString(), ct);
    }
}
