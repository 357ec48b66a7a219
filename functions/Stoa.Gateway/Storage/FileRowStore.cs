using System.Globalization;

namespace Stoa.Gateway.Storage;

/// <summary>
/// Rows in memory plus a journal on disk, for one process. A write is acknowledged once its line is flushed, so a process killed at
/// any point leaves each batch wholly there or not at all; opening replays the journal and rewrites it without what is obsolete.
/// </summary>
internal sealed class FileRowStore : IRowStore, IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly RowTables _rows = new();
    private readonly Journal _journal;
    private long _version;

    public FileRowStore(DataFolder folder)
    {
        var path = Path.Combine(folder.Path, "rows.journal");
        foreach (var entry in Journal.Replay(path))
        {
            Apply(entry);
        }

        // Versions go on where they had got to, even if the row that had the last one is gone: none is ever given twice.
        _journal = Journal.Rewrite(path, [
            new(_version, null, []),
            .. _rows.All.Select(item => new JournalEntry(
                long.Parse(item.Row.ETag.Value, CultureInfo.InvariantCulture),
                item.Table,
                [new(item.Row.Partition, item.Row.Key, item.Row.Value.ToArray())])),
        ]);
    }

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => new(_rows.Get(table, partition, key, ct));

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
        new(_rows.List(table, range, take, continuation, ct));

    public async ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) =>
        (await WriteAsync(table, [change], ct)).Single();

    public async ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.Check(changes);
        await _writing.WaitAsync(ct);
        try
        {
            if (_rows.Refuse(table, changes) is { } refusal)
            {
                return refusal;
            }

            var entry = new JournalEntry(_version + 1, table, [.. changes.Select(change => new JournalChange(
                change.Partition, change.Key, change.Kind is ChangeKind.Delete ? null : change.Value.ToArray()))]);
            _journal.Append(entry);

            // Readers see a batch only when it can no longer be lost.
            var version = Apply(entry);
            return new(WriteStatus.Done, [.. entry.Changes.Select(change => change.Value is null ? default : version)], -1);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _journal.Dispose();
        _writing.Dispose();
    }

    private ETag Apply(JournalEntry entry)
    {
        var version = new ETag(entry.Version.ToString(CultureInfo.InvariantCulture));
        lock (_rows.Gate)
        {
            foreach (var change in entry.Changes)
            {
                _rows.Set(entry.Table!, change.Partition, change.Key, change.Value, version);
            }

            _version = Math.Max(_version, entry.Version);
        }

        return version;
    }
}
