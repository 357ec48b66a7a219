using System.Buffers;

namespace Stoa.Gateway.Storage;

/// <summary>Growing blobs that live as long as the process: the plainest reading of <see cref="IAppendStore"/>.</summary>
internal sealed class MemoryAppendStore(TimeProvider time) : IAppendStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Container, string Name), Growing> _blobs = [];

    public ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_blobs.TryAdd((container, name), new(time.GetUtcNow())) ? WriteStatus.Done : WriteStatus.Exists);
        }
    }

    public ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct)
    {
        AppendLimits.CheckAppend(container, name, block, position);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_blobs.TryGetValue((container, name), out var blob) ? blob.Append(block.Span, position, time.GetUtcNow()) : WriteStatus.Missing);
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct)
    {
        AppendLimits.CheckRead(container, name, from, most);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_blobs.TryGetValue((container, name), out var blob) ? blob.Read(from, most) : (ReadOnlyMemory<byte>?)null);
        }
    }

    public ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_blobs.TryGetValue((container, name), out var blob) ? blob.Length : null);
        }
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckList(prefix, take);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(MemoryBlobStore.PageOf(
                from blob in _blobs
                where blob.Key.Container == container
                select new BlobEntry(blob.Key.Name, blob.Value.Length, blob.Value.Written),
                prefix, take, continuation));
        }
    }

    private sealed class Growing(DateTimeOffset written)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public long Length => _bytes.WrittenCount;

        public DateTimeOffset Written { get; private set; } = written;

        public WriteStatus Append(ReadOnlySpan<byte> block, long position, DateTimeOffset now)
        {
            if (position != Length)
            {
                return position < Length && _bytes.WrittenSpan[(int)position..].StartsWith(block) ? WriteStatus.Done : WriteStatus.Stale;
            }

            _bytes.Write(block);
            Written = now;
            return WriteStatus.Done;
        }

        public ReadOnlyMemory<byte> Read(long from, int most) =>
            from >= Length ? default : _bytes.WrittenSpan.Slice((int)from, (int)Math.Min(most, Length - from)).ToArray();
    }
}
