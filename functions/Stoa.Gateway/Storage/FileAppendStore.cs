using Microsoft.Win32.SafeHandles;

namespace Stoa.Gateway.Storage;

/// <summary>
/// One file per growing blob, beside the blobs of <see cref="FileBlobStore"/>, for one process. A block is on disk before it is
/// acknowledged; what a crash left of one was never acknowledged and stays behind as a torn end.
/// </summary>
/// <param name="plain">See <see cref="BlobFiles"/>.</param>
internal sealed class FileAppendStore(DataFolder folder, string? plain = null) : IAppendStore, IDisposable
{
    private readonly DiskThread _disk = new();
    private readonly BlobFiles _files = new(folder, plain);

    // The file that was appended to last stays open: opening one costs more than the block. On the disk's thread only.
    private SafeFileHandle? _open;
    private string? _openPath;
    private bool _isOver;

    public ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        ct.ThrowIfCancellationRequested();
        return _disk.RunAsync(() => Create(_files.PathOf(container, name)));
    }

    public ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct)
    {
        AppendLimits.CheckAppend(container, name, block, position);
        ct.ThrowIfCancellationRequested();
        return _disk.RunAsync(() => Append(_files.PathOf(container, name), block.Span, position));
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct)
    {
        AppendLimits.CheckRead(container, name, from, most);
        var path = _files.PathOf(container, name);
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: true);

        // A block shows in the file before it is on disk. Nobody may act on it then, as a sealer that signs it would.
        var length = await _disk.RunAsync(() => file.Length);
        if (from >= length)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var bytes = new byte[(int)Math.Min(most, length - from)];
        file.Seek(from, SeekOrigin.Begin);
        await file.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    public ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        ct.ThrowIfCancellationRequested();
        var file = new FileInfo(_files.PathOf(container, name));
        return new(file.Exists ? file.Length : null);
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckList(prefix, take);
        ct.ThrowIfCancellationRequested();
        return new(MemoryBlobStore.PageOf(_files.List(container), prefix, take, continuation));
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isOver, true))
        {
            _ = _disk.RunAsync(Close).AsTask();
            _disk.Dispose();
        }
    }

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

    private WriteStatus Append(string path, ReadOnlySpan<byte> block, long position)
    {
        var there = new FileInfo(path);
        if (!there.Exists)
        {
            return WriteStatus.Missing;
        }

        var file = Open(path, there.Length);
        if (there.Length != position)
        {
            if (!Holds(file, there.Length, block, position))
            {
                return WriteStatus.Stale;
            }

            // It may have been written and not flushed.
            RandomAccess.FlushToDisk(file);
            return WriteStatus.Done;
        }

        try
        {
            RandomAccess.Write(file, block, position);
            RandomAccess.FlushToDisk(file);
            return WriteStatus.Done;
        }
        catch (IOException)
        {
            // Half a block was acknowledged to nobody, and the next try must find the end where it was.
            RandomAccess.SetLength(file, position);
            throw;
        }
    }

    // A file that somebody else put in the place of the open one tells by its length.
    private SafeFileHandle Open(string path, long length)
    {
        if (_open is not null && (_openPath != path || RandomAccess.GetLength(_open) != length))
        {
            Close();
        }

        (_open, _openPath) = (_open ?? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), path);
        return _open;
    }

    private bool Close()
    {
        _open?.Dispose();
        _open = null;
        return true;
    }

    private static bool Holds(SafeFileHandle file, long length, ReadOnlySpan<byte> block, long position)
    {
        if (length < position + block.Length)
        {
            return false;
        }

        var there = new byte[block.Length];
        return RandomAccess.Read(file, there, position) == there.Length && block.SequenceEqual(there);
    }
}
