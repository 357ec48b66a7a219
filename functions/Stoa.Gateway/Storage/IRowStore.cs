namespace Stoa.Gateway.Storage;

/// <summary>
/// Small versioned rows with conditional writes: the only primitive that state of record is built on, so that N instances can
/// share it and any of them may die between two calls. Shaped after Table Storage: a row lives in a partition, a batch is atomic
/// within one partition, and every write names the version that it replaces.
/// </summary>
/// <remarks>
/// Outcomes that a correct caller must expect (missing, already there, changed meanwhile) are values. A store that cannot answer
/// throws <see cref="StorageUnavailableException"/>. There is no blind write: to overwrite, read first.
/// </remarks>
public interface IRowStore
{
    /// <summary>The row, or null when there is none.</summary>
    ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct);

    /// <summary>
    /// Rows of the range in ordinal order of (partition, key), at most <paramref name="take"/> (1 to 1000) per page. A page may be
    /// shorter, even empty, while <see cref="RowPage.Continuation"/> is set; pass that back to go on.
    /// </summary>
    ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct);

    /// <summary>Applies one change. Two racing writers of one version never both see <see cref="WriteStatus.Done"/>.</summary>
    ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct);

    /// <summary>
    /// Applies all changes (1 to 100, one partition, each row once) or none. On refusal <see cref="BatchResult.FailedIndex"/> names the
    /// change that did not fit.
    /// </summary>
    ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct);
}

/// <summary>A stored row. Keys are 1 to 512 characters without control characters and without <c>/ \ # ?</c>; the value is at most 60,000 bytes of UTF-8.</summary>
public sealed record Row(string Partition, string Key, ReadOnlyMemory<byte> Value, ETag ETag);

/// <summary>An opaque version of a row or blob; equal versions mean equal bytes.</summary>
public readonly record struct ETag(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Which rows to list: all partitions, or one partition and in it the keys from (inclusive) to (exclusive), ordinally.</summary>
public readonly record struct RowRange(string? Partition = null, string? From = null, string? To = null)
{
    /// <summary>The rows of a partition whose key starts with the prefix.</summary>
    public static RowRange Prefix(string partition, string prefix) => new(partition, prefix, prefix + '\uffff');
}

/// <summary>One page of a listing, and where the next starts, if there may be one.</summary>
public sealed record RowPage(IReadOnlyList<Row> Rows, string? Continuation);

/// <summary>What to do with one row. Replace and delete carry the version that they expect.</summary>
public readonly record struct RowChange
{
    private RowChange(ChangeKind kind, string partition, string key, ReadOnlyMemory<byte> value, ETag expected) =>
        (Kind, Partition, Key, Value, Expected) = (kind, partition, key, value, expected);

    public ChangeKind Kind { get; }

    public string Partition { get; }

    public string Key { get; }

    public ReadOnlyMemory<byte> Value { get; }

    public ETag Expected { get; }

    public static RowChange Insert(string partition, string key, ReadOnlyMemory<byte> value) =>
        new(ChangeKind.Insert, partition, key, value, default);

    public static RowChange Replace(string partition, string key, ReadOnlyMemory<byte> value, ETag expected) =>
        new(ChangeKind.Replace, partition, key, value, expected);

    public static RowChange Delete(string partition, string key, ETag expected) =>
        new(ChangeKind.Delete, partition, key, default, expected);
}

public enum ChangeKind
{
    Insert,
    Replace,
    Delete,
}

/// <summary>How a conditional write ended.</summary>
public enum WriteStatus
{
    /// <summary>Applied, exactly once.</summary>
    Done,

    /// <summary>Insert of something that is already there (HTTP 409).</summary>
    Exists,

    /// <summary>The version changed meanwhile (HTTP 412).</summary>
    Stale,

    /// <summary>Replace or delete of something that is not there (HTTP 404).</summary>
    Missing,

    /// <summary>
    /// The answer was lost and the row has moved on since, so the store cannot tell whether this write was part of that. The caller
    /// re-reads and looks for its own mark.
    /// </summary>
    Unknown,
}

/// <summary>The outcome of one write, with the new version when it was applied.</summary>
public readonly record struct WriteResult(WriteStatus Status, ETag ETag = default)
{
    public bool IsDone => Status is WriteStatus.Done;
}

/// <summary>The outcome of a batch: versions in the order of the changes when applied, else the change at fault (-1 when unknown).</summary>
public readonly record struct BatchResult(WriteStatus Status, IReadOnlyList<ETag> ETags, int FailedIndex)
{
    public bool IsDone => Status is WriteStatus.Done;
}
