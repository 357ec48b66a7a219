using Stoa.Gateway.Storage;

namespace Stoa.Testing;

/// <summary>
/// Row and blob store in one, counting operations: the n-th throws, before it is applied or after, as when the process or the answer
/// is lost there. It can also be switched off altogether, and it shows what was done.
/// </summary>
public sealed class FailingStore(IRowStore rows, IBlobStore blobs) : IRowStore, IBlobStore
{
    private int _operations;

    public int Operations => Volatile.Read(ref _operations);

    /// <summary>1 for the next operation; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>The failing operation takes effect and only its answer is lost.</summary>
    public bool AppliesFirst { get; set; }

    public bool IsDown { get; set; }

    /// <summary>Runs before each operation is applied, for example to hold it or to let another writer in first.</summary>
    public Func<int, ValueTask>? Before { get; set; }

    public void Reset(int failAt = 0, bool appliesFirst = false) => (_operations, FailAt, AppliesFirst) = (0, failAt, appliesFirst);

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) =>
        RunAsync(() => rows.GetAsync(table, partition, key, ct));

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
        RunAsync(() => rows.ListAsync(table, range, take, continuation, ct));

    public ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) =>
        RunAsync(() => rows.WriteAsync(table, change, ct));

    public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct) =>
        RunAsync(() => rows.WriteAsync(table, changes, ct));

    public ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct) => RunAsync(() => blobs.GetAsync(container, name, ct));

    public ValueTask<WriteResult> InsertAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken ct) =>
        RunAsync(() => blobs.InsertAsync(container, name, content, ct));

    public ValueTask<WriteResult> ReplaceAsync(
        string container, string name, ReadOnlyMemory<byte> content, ETag expected, CancellationToken ct) =>
        RunAsync(() => blobs.ReplaceAsync(container, name, content, expected, ct));

    public ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct) =>
        RunAsync(() => blobs.DeleteAsync(container, name, ct));

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct) =>
        RunAsync(() => blobs.ListAsync(container, prefix, take, continuation, ct));

    /// <summary>An append store whose operations are counted, and fail, with all others.</summary>
    public IAppendStore Over(IAppendStore appends) => new FailingAppends(this, appends);

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> operation)
    {
        var number = Interlocked.Increment(ref _operations);
        if (Before is { } before)
        {
            await before(number);
        }

        if (IsDown || (number == FailAt && !AppliesFirst))
        {
            throw new StorageUnavailableException($"Scripted: operation {number} never arrived.");
        }

        var result = await operation();
        return number == FailAt ? throw new StorageUnavailableException($"Scripted: the answer of operation {number} was lost.") : result;
    }

    private sealed class FailingAppends(FailingStore all, IAppendStore appends) : IAppendStore
    {
        public ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct) => all.RunAsync(() => appends.CreateAsync(container, name, ct));

        public ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct) =>
            all.RunAsync(() => appends.AppendAsync(container, name, block, position, ct));

        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct) =>
            all.RunAsync(() => appends.ReadAsync(container, name, from, most, ct));

        public ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct) => all.RunAsync(() => appends.LengthAsync(container, name, ct));

        public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct) =>
            all.RunAsync(() => appends.ListAsync(container, prefix, take, continuation, ct));
    }
}
