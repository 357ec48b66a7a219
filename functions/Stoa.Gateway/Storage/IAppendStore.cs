namespace Stoa.Gateway.Storage;

/// <summary>
/// Blobs that only grow: for records that must be durable once acknowledged and that nobody may change afterwards, not even on a store
/// that forbids overwriting. Names and containers as for <see cref="IBlobStore"/>; limits are in <see cref="AppendLimits"/>.
/// </summary>
/// <remarks>
/// Same conventions as <see cref="IRowStore"/>: expected outcomes are values and an unreachable store throws. Containers need not be
/// created.
/// </remarks>
public interface IAppendStore
{
    /// <summary>Makes an empty blob: <see cref="WriteStatus.Done"/>, or <see cref="WriteStatus.Exists"/> when another writer made it.</summary>
    ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct);

    /// <summary>
    /// Puts a block at the end of a blob, provided that the end is at <paramref name="position"/>. <see cref="WriteStatus.Done"/> when the
    /// block stands at that position, whether this call put it there or an earlier one whose answer was lost, so that it may be repeated
    /// until it is certain; <see cref="WriteStatus.Stale"/> when something else stands there, <see cref="WriteStatus.Missing"/> when there
    /// is no blob. Writers share no blob unless their blocks differ.
    /// </summary>
    ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct);

    /// <summary>Bytes from a position on, at most so many; empty at or behind the end, null when there is no blob.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct);

    /// <summary>Null when there is no blob.</summary>
    ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct);

    /// <summary>Names starting with the prefix, in ordinal order, at most <paramref name="take"/> (1 to 5000) per page.</summary>
    ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct);
}
