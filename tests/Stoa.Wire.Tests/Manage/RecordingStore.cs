using System.Text;
using Stoa.Gateway;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>Row and blob store over memory that keeps every byte it was ever given.</summary>
internal sealed class RecordingStore : IRowStore, IBlobStore
{
    private readonly MemoryRowStore _rows = new();
    private readonly MemoryBlobStore _blobs = new(TimeProvider.System);
    private readonly Lock _gate = new();
    private readonly StringBuilder _bytes = new();

    public RecordingStore() => Ports = TestGateway.InMemory() with { Rows = this, Blobs = this };

    public GatewayPorts Ports { get; }

    /// <summary>How many writes there were.</summary>
    public int Writes { get; private set; }

    /// <summary>Everything written: names, keys and values, as Latin-1.</summary>
    public string Everything
    {
        get
        {
            lock (_gate)
            {
                return _bytes.ToString();
            }
        }
    }

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => _rows.GetAsync(table, partition, key, ct);

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
        _rows.ListAsync(table, range, take, continuation, ct);

    public ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct)
    {
        Record($"{change.Partition} {change.Key}", change.Value);
        return _rows.WriteAsync(table, change, ct);
    }

    public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
    {
        foreach (var change in changes)
        {
            Record($"{change.Partition} {change.Key}", change.Value);
        }

        return _rows.WriteAsync(table, changes, ct);
    }

    public ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct) => _blobs.GetAsync(container, name, ct);

    public ValueTask<WriteResult> InsertAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        Record(name, content);
        return _blobs.InsertAsync(container, name, content, ct);
    }

    public ValueTask<WriteResult> ReplaceAsync(string container, string name, ReadOnlyMemory<byte> content, ETag expected, CancellationToken ct)
    {
        Record(name, content);
        return _blobs.ReplaceAsync(container, name, content, expected, ct);
    }

    public ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct)
    {
        Record(name, default);
        return _blobs.DeleteAsync(container, name, ct);
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct) =>
        _blobs.ListAsync(container, prefix, take, continuation, ct);

    private void Record(string name, ReadOnlyMemory<byte> value)
    {
        lock (_gate)
        {
            Writes++;
            _bytes.Append(name).Append(' ').AppendLine(Encoding.Latin1.GetString(value.Span));
        }
    }
}
