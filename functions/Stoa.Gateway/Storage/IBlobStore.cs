namespace Stoa.Gateway.Storage;

/// <summary>
/// Named byte sequences in containers, each at most 32 MiB and written whole. Names are slash-separated segments of
/// <c>a-z A-Z 0-9 . _ -</c>, at most 512 characters, each segment 1 to 120 of them and not starting or ending with a dot.
/// </summary>
/// <remarks>
/// Same conventions as <see cref="IRowStore"/>: expected outcomes are values, an unreachable store throws, limits are in
/// <see cref="BlobLimits"/>. Containers need not be created; their names are 3 to 63 of <c>a-z 0-9 -</c>, no hyphen first, last or doubled.
/// </remarks>
public interface IBlobStore
{
    /// <summary>The blob, or null when there is none.</summary>
    ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct);

    /// <summary>Writes a blob that must not exist yet. <see cref="WriteStatus.Exists"/> leaves the old one untouched.</summary>
    ValueTask<WriteResult> InsertAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken ct);

    /// <summary>Replaces exactly the expected version.</summary>
    ValueTask<WriteResult> ReplaceAsync(string container, string name, ReadOnlyMemory<byte> content, ETag expected, CancellationToken ct);

    /// <summary>
    /// Deletes the blob whatever its version; <see cref="WriteStatus.Missing"/> when there was none, <see cref="WriteStatus.Unknown"/>
    /// when it is gone but an answer was lost.
    /// </summary>
    ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct);

    /// <summary>Names starting with the prefix, in ordinal order, at most <paramref name="take"/> (1 to 5000) per page.</summary>
    ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct);
}

/// <summary>A blob's bytes and version.</summary>
public sealed record Blob(ReadOnlyMemory<byte> Content, ETag ETag);

/// <summary>A blob's name, size in bytes and time of its last write.</summary>
public sealed record BlobEntry(string Name, long Length, DateTimeOffset LastModified);

/// <summary>One page of a listing, and where the next starts, if there may be one.</summary>
public sealed record BlobPage(IReadOnlyList<BlobEntry> Entries, string? Continuation);
