using System.Text;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Functions;

/// <summary>
/// The rows of embedded mode, with the ledger's registry also as the file <c>registry.jsonl</c> beside the ledger, so that the verifier can be let
/// loose on the folder as it is. The rows are what counts; the file is made from them whenever an instance registers.
/// </summary>
internal sealed class RegistryFile(IRowStore rows, DataFolder folder) : IRowStore
{
    private const int Page = 1000;

    private readonly string _path = Path.Combine(folder.Path, "blobs", LedgerWriter.Container, Registration.FileName);
    private readonly string _unfinished = Path.Combine(folder.Path, Registration.FileName + ".new");

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => rows.GetAsync(table, partition, key, ct);

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) => rows.ListAsync(table, range, take, continuation, ct);

    public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct) => rows.WriteAsync(table, changes, ct);

    public async ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct)
    {
        var result = await rows.WriteAsync(table, change, ct);
        if (table == InstanceRegistry.Table)
        {
            await SaveAsync(ct);
        }

        return result;
    }

    private async ValueTask SaveAsync(CancellationToken ct)
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

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await File.WriteAllTextAsync(_unfinished, lines.ToString(), ct);
            File.Move(_unfinished, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The ledger's registry cannot be written: {e.Message}", e);
        }
    }
}
