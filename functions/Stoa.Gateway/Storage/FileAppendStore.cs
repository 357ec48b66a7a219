namespace Stoa.Gateway.Storage;

/// <summary>
/// One file per growing blob, beside the blobs of <see cref="FileBlobStore"/>, for one process. A block is on disk before it is
/// acknowledged; what a crash left of one was never acknowledged and stays behind as a torn end.
/// </summary>
internal sealed class FileAppendStore(DataFolder folder) : IAppendStore, IDisposable
{
    private readonly DiskThread _disk = new();
    private readonly string _blobs = Path.Combine(folder.Path, "blobs");

    public ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        ct.ThrowIfCancellationRequested();
        return _disk.RunAsync(() => Create(PathOf(container, name)));
    }

    public ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct)
    {
        AppendLimits.CheckAppend(container, name, block, position);
        ct.ThrowIfCancellationRequested();
        return _disk.RunAsync(() => Append(PathOf(container, name), block.Span, position));
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct)
    {
        AppendLimits.CheckRead(container, name, from, most);
        var path = PathOf(container, name);
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: true);
        if (from >= file.Length)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var bytes = new byte[(int)Math.Min(most, file.Length - from)];
        file.Seek(from, SeekOrigin.Begin);
        await file.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    public ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        ct.ThrowIfCancellationRequested();
        var file = new FileInfo(PathOf(container, name));
        return new(file.Exists ? file.Length : null);
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckList(prefix, take);
        ct.ThrowIfCancellationRequested();
        var root = new DirectoryInfo(Path.Combine(_blobs, container));
        return new(MemoryBlobStore.PageOf(
            from file in root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories) : []
            let name = BlobPath.Decode(Path.GetRelativePath(root.FullName, file.FullName))
            select new BlobEntry(name, file.Length, file.LastWriteTimeUtc),
            prefix, take, continuation));
    }

    public void Dispose() => _disk.Dispose();

    private static WriteStatus Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
        {
            return WriteStatus.Exists;
        }

        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Flush(flushToDisk: true);
        return WriteStatus.Done;
    }

    private static WriteStatus Append(string path, ReadOnlySpan<byte> block, long position)
    {
        if (!File.Exists(path))
        {
            return WriteStatus.Missing;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (file.Length != position)
        {
            return Holds(file, block, position) ? WriteStatus.Done : WriteStatus.Stale;
        }

        try
        {
            file.Seek(position, SeekOrigin.Begin);
            file.Write(block);
            file.Flush(flushToDisk: true);
            return WriteStatus.Done;
        }
        catch (IOException)
        {
            // Half a block was acknowledged to nobody, and the next try must find the end where it was.
            file.SetLength(position);
            throw;
        }
    }

    private static bool Holds(FileStream file, ReadOnlySpan<byte> block, long position)
    {
        if (file.Length < position + block.Length)
        {
            return false;
        }

        var there = new byte[block.Length];
        file.Seek(position, SeekOrigin.Begin);
        file.ReadExactly(there);
        return block.SequenceEqual(there);
    }

    private string PathOf(string container, string name) => Path.Combine(_blobs, container, BlobPath.Encode(name));
}
