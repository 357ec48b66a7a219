namespace Stoa.Gateway.Storage;

/// <summary>
/// An append-only file of <see cref="JournalEntry"/> lines. A line that a crash cut short is the last one and was never acknowledged, so it
/// is dropped; a line damaged anywhere else means that acknowledged changes are lost, so the journal refuses to open.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _file;
    private bool _broken;

    private Journal(FileStream file) => _file = file;

    /// <summary>The entries that the file holds, oldest first; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">An earlier line is damaged.</exception>
    public static IEnumerable<JournalEntry> Replay(string path)
    {
        ReadOnlyMemory<byte> rest = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (var number = 1; rest.Span.IndexOf((byte)'\n') is >= 0 and var end; number++)
        {
            var entry = JournalEntry.Read(rest.Span[..end]);
            rest = rest[(end + 1)..];
            if (entry is not null)
            {
                yield return entry;
            }
            else if (!rest.IsEmpty)
            {
                throw new InvalidDataException(
                    $"Line {number} of '{path}' is damaged and later ones follow. Restore a copy of the file, or cut it before that line.");
            }
        }
    }

    /// <summary>Puts a file with just these entries in the old one's place, in one step, and goes on behind them.</summary>
    public static Journal Rewrite(string path, IEnumerable<JournalEntry> entries)
    {
        var fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            foreach (var entry in entries)
            {
                file.Write(entry.ToLine());
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        return new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    /// <summary>Returns once the entry is on disk.</summary>
    public void Append(JournalEntry entry)
    {
        if (_broken)
        {
            throw new StorageUnavailableException("The journal could not be written earlier; it is read again at the next start.");
        }

        // What an interrupted write has left behind is known only after a replay, so nothing may follow it.
        _broken = true;
        try
        {
            _file.Write(entry.ToLine());
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new StorageUnavailableException($"The journal cannot be written: {e.Message}", e);
        }

        _broken = false;
    }

    public void Dispose() => _file.Dispose();
}
