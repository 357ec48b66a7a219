using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>Lines of a blob from an offset on. One buffer, whatever the blob's size: longer lines than a record may have are skipped and told.</summary>
internal sealed class LineReader
{
    private readonly byte[] _buffer = new byte[512 * 1024];
    private Stream _stream = Stream.Null;
    private int _start;
    private int _end;

    /// <summary>Where the next line begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the line that was read last began.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether that line had an end, and not too late.</summary>
    public bool IsWhole { get; private set; }

    public void Open(Stream stream, long from)
    {
        (_stream, _start, _end, Position) = (stream, 0, 0, from);
        _stream.Seek(from, SeekOrigin.Begin);
    }

    /// <summary>The next line without its end, valid until the next is read; false at the end of the blob.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        Offset = Position;
        var length = LineLength();
        if (length < 0 && _end == _start)
        {
            return false;
        }

        IsWhole = length >= 0;
        line = _buffer.AsSpan(_start, IsWhole ? length : _end - _start);
        var taken = IsWhole ? length + 1 : line.Length;
        _start += taken;
        Position += taken;
        if (!IsWhole)
        {
            SkipToEnd();
        }

        return true;
    }

    // Fills the buffer as far as one line needs.
    private int LineLength()
    {
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                return searched + at;
            }

            searched = _end - _start;
            if (searched > LedgerRecord.MaxBytes || !Fill())
            {
                return -1;
            }
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = _stream.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private void SkipToEnd()
    {
        do
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var taken = at >= 0 ? at + 1 : _end - _start;
            _start += taken;
            Position += taken;
            if (at >= 0)
            {
                return;
            }
        }
        while (Fill());
    }
}
