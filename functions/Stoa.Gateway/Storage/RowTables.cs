namespace Stoa.Gateway.Storage;

/// <summary>Rows in memory and the rules of conditional writes: all judged before any is applied. Reads take the lock themselves; the owner of a write holds it.</summary>
internal sealed class RowTables
{
    private readonly Dictionary<string, SortedSet<Row>> _tables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Held for as long as a write judges and applies.</summary>
    public Lock Gate { get; } = new();

    public IEnumerable<(string Table, Row Row)> All =>
        from table in _tables from row in table.Value select (table.Key, row);

    public Row? Get(string table, string partition, string key, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.CheckRow(partition, key);
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            return Find(table, partition, key);
        }
    }

    public RowPage List(string table, RowRange range, int take, string? continuation, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.CheckList(range, take);
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            return Page(table, range, take, continuation);
        }
    }

    public Row? Find(string table, string partition, string key) =>
        _tables.TryGetValue(table, out var rows) && rows.TryGetValue(At(partition, key), out var row) ? row : null;

    private RowPage Page(string table, RowRange range, int take, string? continuation)
    {
        // A key cannot hold a slash, so the place to go on reads "partition/key".
        var place = continuation?.Split('/', 2);
        var (partition, from) = place is [var p, var k] ? (p, k) : (range.Partition ?? "", range.From ?? "");
        var first = At(partition, from);
        if (!_tables.TryGetValue(table, out var rows) || rows.Max is not { } last || RowOrder.Instance.Compare(first, last) > 0)
        {
            return new([], null);
        }

        var page = rows.GetViewBetween(first, last).TakeWhile(row => Holds(range, row)).Take(take + 1).ToList();
        return page.Count <= take
            ? new(page, null)
            : new(page[..take], $"{page[take].Partition}/{page[take].Key}");
    }

    /// <summary>The first change that does not fit what is stored, as a refusal; null when all fit.</summary>
    public BatchResult? Refuse(string table, IReadOnlyList<RowChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var stored = Find(table, changes[i].Partition, changes[i].Key);
            WriteStatus? refusal = changes[i].Kind switch
            {
                ChangeKind.Insert => stored is null ? null : WriteStatus.Exists,
                _ when stored is null => WriteStatus.Missing,
                _ => stored.ETag == changes[i].Expected ? null : WriteStatus.Stale,
            };
            if (refusal is { } status)
            {
                return new(status, [], i);
            }
        }

        return null;
    }

    /// <summary>Puts rows that carry the given version in place, or takes them away.</summary>
    public BatchResult Apply(string table, IReadOnlyList<RowChange> changes, ETag version)
    {
        foreach (var change in changes)
        {
            Set(table, change.Partition, change.Key, change.Kind is ChangeKind.Delete ? null : change.Value.ToArray(), version);
        }

        return new(WriteStatus.Done, [.. changes.Select(change => change.Kind is ChangeKind.Delete ? default : version)], -1);
    }

    public void Set(string table, string partition, string key, byte[]? value, ETag version)
    {
        if (!_tables.TryGetValue(table, out var rows))
        {
            _tables[table] = rows = new(RowOrder.Instance);
        }

        var row = new Row(partition, key, value, version);
        rows.Remove(row);
        if (value is not null)
        {
            rows.Add(row);
        }
    }

    private static Row At(string partition, string key) => new(partition, key, default, default);

    private static bool Holds(RowRange range, Row row) =>
        range.Partition is null
        || (row.Partition == range.Partition && (range.To is null || string.CompareOrdinal(row.Key, range.To) < 0));

    private sealed class RowOrder : IComparer<Row>
    {
        public static readonly RowOrder Instance = new();

        public int Compare(Row? x, Row? y) =>
            string.CompareOrdinal(x?.Partition, y?.Partition) is not 0 and var order ? order : string.CompareOrdinal(x?.Key, y?.Key);
    }
}
