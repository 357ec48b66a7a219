namespace Stoa.Gateway.Storage;

/// <summary>
/// One file per blob, for one process. Content is written aside, flushed and renamed, so a blob is the old one or the new one at any
/// point; its version is the hash of its bytes.
/// </summary>
internal sealed class FileBlobStore : IBlobStore, IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly BlobFiles _files;
    private readonly string _unfinished;

    /// <param name="plain">See <see cref="BlobFiles"/>.</param>
    public FileBlobStore(DataFolder folder, string? plain = null)
    {
        _files = new(folder, plain);
        _unfinished = Path.Combine(folder.Path, "blobs.new");
        if (Directory.Exists(_unfinished))
        {
            Directory.Delete(_unfinished, recursive: true);
        }

        Directory.CreateDirectory(_unfinished);
    }

    public async ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        var path = _files.PathOf(container, name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var content = await File.ReadAllBytesAsync(path, ct);
            return new(content, ETag.OfContent(content));
        }
        catch (FileNotFoundException)
        {
            return null;
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

    public async ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        var path = _files.PathOf(container, name);
        await _writing.WaitAsync(ct);
        try
        {
            if (!File.Exists(path))
            {
                return WriteStatus.Missing;
            }

            File.Delete(path);
            return WriteStatus.Done;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckList(prefix, take);
        await _writing.WaitAsync(ct);
        try
        {
            return MemoryBlobStore.PageOf(_files.List(container), prefix, take, continuation);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private async ValueTask<WriteResult> WriteAsync(
        string container, string name, ReadOnlyMemory<byte> content, Func<Blob?, WriteStatus?> refuse, CancellationToken ct)
    {
        BlobLimits.CheckContent(content);
        await _writing.WaitAsync(ct);
        try
        {
            if (refuse(await GetAsync(container, name, ct)) is { } refusal)
            {
                return new(refusal);
            }

            Put(_files.PathOf(container, name), content.Span);
            return new(WriteStatus.Done, ETag.OfContent(content.Span));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The blob cannot be written: {e.Message}", e);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Put(string path, ReadOnlySpan<byte> content)
    {
        var fresh = Path.Combine(_unfinished, "blob");
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(fresh, path, overwrite: true);
    }
}
