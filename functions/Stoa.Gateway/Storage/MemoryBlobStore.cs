namespace Stoa.Gateway.Storage;

/// <summary>Blobs that live as long as the process: the plainest reading of <see cref="IBlobStore"/>.</summary>
internal sealed class MemoryBlobStore(TimeProvider time) : IBlobStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Container, string Name), (Blob Blob, DateTimeOffset Written)> _blobs = [];

    public ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_blobs.GetValueOrDefault((container, name)).Blob);
        }
    }

    public ValueTask<WriteResult> InsertAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken ct) =>
        WriteAsync(container, name, content, old => old is null ? null : WriteStatus.Exists, ct);

    public ValueTask<WriteResult> ReplaceAsync(
        string container, string name, ReadOnlyMemory<byte> content, ETag expected, CancellationToken ct)
    {
        RowLimits.CheckExpected(expected);
        return WriteAsync(
            container, name, content, old => old is null ? WriteStatus.Missing : old.ETag == expected ? null : WriteStatus.Stale, ct);
    }

    public ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_blobs.Remove((container, name)) ? WriteStatus.Done : WriteStatus.Missing);
        }
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckList(prefix, take);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(PageOf(
                from blob in _blobs
                where blob.Key.Container == container
                select new BlobEntry(blob.Key.Name, blob.Value.Blob.Content.Length, blob.Value.Written),
                prefix, take, continuation));
        }
    }

    /// <summary>Cuts one page out of a whole container; it goes on after the last name of the page before.</summary>
    internal static BlobPage PageOf(IEnumerable<BlobEntry> container, string prefix, int take, string? continuation)
    {
        var page = container
            .Where(blob => blob.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(blob.Name, continuation) > 0)
            .OrderBy(blob => blob.Name, StringComparer.Ordinal)
            .Take(take + 1)
            .ToList();
        return page.Count <= take ? new(page, null) : new(page[..take], page[take - 1].Name);
    }

    private ValueTask<WriteResult> WriteAsync(
        string container, string name, ReadOnlyMemory<byte> content, Func<Blob?, WriteStatus?> refuse, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        BlobLimits.CheckContent(content);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (refuse(_blobs.GetValueOrDefault((container, name)).Blob) is { } refusal)
            {
                return new(new WriteResult(refusal));
            }

            var blob = new Blob(content.ToArray(), ETag.OfContent(content.Span));
            _blobs[(container, name)] = (blob, time.GetUtcNow());
            return new(new WriteResult(WriteStatus.Done, blob.ETag));
        }
    }
}
