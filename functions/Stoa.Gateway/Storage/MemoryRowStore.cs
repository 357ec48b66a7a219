using System.Globalization;

namespace Stoa.Gateway.Storage;

/// <summary>Rows that live as long as the process: the plainest reading of <see cref="IRowStore"/>.</summary>
internal sealed class MemoryRowStore : IRowStore
{
    private readonly RowTables _rows = new();
    private long _version;

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => new(_rows.Get(table, partition, key, ct));

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
        new(_rows.List(table, range, take, continuation, ct));

    public async ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) =>
        (await WriteAsync(table, [change], ct)).Single();

    public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.Check(changes);
        ct.ThrowIfCancellationRequested();
        lock (_rows.Gate)
        {
            return new(_rows.Refuse(table, changes)
                ?? _rows.Apply(table, changes, new((++_version).ToString(CultureInfo.InvariantCulture))));
        }
    }
}
