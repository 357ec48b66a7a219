using System.Security.Cryptography;

namespace Stoa.Gateway.Storage;

/// <summary>
/// Small versioned rows with conditional writes: the only primitive that state of record is built on, so that N instances can
/// share it and any of them may die between two calls. Shaped after Table Storage: a row lives in a partition, a batch is atomic
/// within one partition, and every write names the version that it replaces.
/// </summary>
/// <remarks>
/// Outcomes that a correct caller must expect (missing, already there, changed meanwhile) are values. A store that cannot answer
/// throws <see cref="StorageUnavailableException"/>. There is no blind write: to overwrite, read first. Breaking a limit is a
/// programming error and throws <see cref="ArgumentException"/>, the same in every implementation: see <see cref="RowLimits"/>.
/// Tables need not be created. Their names are 3 to 63 letters and digits, begin with a letter, and differ in more than case.
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
    /// Applies all changes (1 to 100, one partition, each row once, 2,000,000 bytes of values) or none. On refusal
    /// <see cref="BatchResult.FailedIndex"/> names the change that did not fit.
    /// </summary>
    ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct);
}

/// <summary>
/// A stored row. Keys are 1 to 512 characters without control characters and without <c>/ \ # ?</c>; the value is at most 60,000 bytes,
/// usually UTF-8 but kept as they are (Table Storage takes 64 KiB of binary, yet only 32 K characters of text).
/// </summary>
public sealed record Row(string Partition, string Key, ReadOnlyMemory<byte> Value, ETag ETag);

/// <summary>An opaque version of a row or blob; equal versions of one row mean equal bytes.</summary>
public readonly record struct ETag(string Value)
{
    internal static ETag OfContent(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)));

    public override string ToString() => Value;
}

/// <summary>Which rows to list: all partitions, or one partition and in it the keys from (inclusive) to (exclusive), ordinally.</summary>
public readonly record struct RowRange(string? Partition = null, string? From = null, string? To = null)
{
    /// <summary>The rows of a partition whose key starts with the prefix, which ends in an ASCII character.</summary>
    public static RowRange Prefix(string partition, string prefix)
    {
        if (prefix.Length is 0 || prefix[^1] is < ' ' or > '~')
        {
            throw new ArgumentException("A key prefix ends in a printable ASCII character.", nameof(prefix));
        }

        // The next character that a key may hold: U+007F to U+009F are control characters.
        var next = prefix[^1] is '~' ? '\u00a0' : (char)(prefix[^1] + 1);
        return new(partition, prefix, prefix[..^1] + next);
    }
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

/// <summary>
/// The outcome of one write, with the new version when it was applied. If others have changed the row before the answer could be
/// learnt, that version is one that no row has any more.
/// </summary>
public readonly record struct WriteResult(WriteStatus Status, ETag ETag = default)
{
    public bool IsDone => Status is WriteStatus.Done;
}

/// <summary>
/// The outcome of a batch: versions in the order of the changes when applied (none for a deletion), else the change at fault (-1 when
/// unknown).
/// </summary>
public readonly record struct BatchResult(WriteStatus Status, IReadOnlyList<ETag> ETags, int FailedIndex)
{
    public bool IsDone => Status is WriteStatus.Done;

    /// <summary>The outcome of a batch of one.</summary>
    internal WriteResult Single() => new(Status, IsDone ? ETags[0] : default);
}
