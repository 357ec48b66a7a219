using System.Buffers;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>
/// Cuts bytes into server-sent events (HTML Standard §9.2.5), however they are split: lines end in CR LF, LF or CR, a byte order mark may
/// come first. An event is handed out at the byte that completes it; one half there is kept in one pooled buffer that grows up to a cap.
/// </summary>
internal sealed class EventReader : IDisposable
{
    /// <summary>Bytes of one event.</summary>
    public const int MaxEvent = 4 * 1024 * 1024;

    private const int UsualBuffer = 8 * 1024;
    private const int LeastRoom = 2 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualBuffer);
    private byte[]? _joined;
    private int _start;
    private int _line;
    private int _scan;
    private int _end;
    private int _last;
    private Fields _fields;
    private bool _isBegun;
    private bool _usesCrLf;
    private bool _skipsLineFeed;
    private bool _dropsLineFeed;

    /// <summary>Whether the event under way is over the cap; then no more can be read.</summary>
    public bool IsFull => _end - _start >= MaxEvent;

    /// <summary>Where the next bytes go; spans of earlier events are void from here on.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
        {
            Shift();
            if (_buffer.Length > 8 * UsualBuffer)
            {
                Resize(UsualBuffer);
            }
        }
        else if (_buffer.Length - _end < LeastRoom)
        {
            if (_start > 0)
            {
                Shift();
            }

            if (_buffer.Length - _end < LeastRoom)
            {
                Resize(_buffer.Length * 2);
            }
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were put into <see cref="Room"/>.</summary>
    public void Fill(int count) => _end += count;

    /// <summary>The next event that is complete.</summary>
    public bool TryNext(out StreamEvent found)
    {
        SkipLineFeed();
        while (true)
        {
            var at = _buffer.AsSpan(_scan, _end - _scan).IndexOfAny((byte)'\r', (byte)'\n');
            if (at < 0)
            {
                _scan = _end;
                found = default;
                return false;
            }

            var lineEnd = _scan + at;
            var next = lineEnd + 1;
            var isOpen = _buffer[lineEnd] == '\r' && next == _end;
            if (_buffer[lineEnd] == '\r' && !isOpen && _buffer[next] == '\n')
            {
                next++;
                _usesCrLf = true;
            }

            if (lineEnd == _line)
            {
                found = Complete(next, isOpen);
                return true;
            }

            // An LF that belongs to this CR may be next, and must not be taken for a blank line.
            if (isOpen)
            {
                _scan = lineEnd;
                found = default;
                return false;
            }

            Field(lineEnd);
            _line = _scan = next;
        }
    }

    /// <summary>At the end of the stream: what is there without its blank line, as if that had come.</summary>
    public bool TryLast(out StreamEvent found)
    {
        if (_start == _end)
        {
            found = default;
            return false;
        }

        var room = Room().Span;
        room[0] = room[1] = (byte)'\n';
        Fill(2);
        return TryNext(out found);
    }

    /// <summary>The bytes of the event found last, for keeping until more bytes are asked for.</summary>
    public ReadOnlyMemory<byte> Last(int length) => _buffer.AsMemory(_last, length);

    /// <summary>What is there of the event under way.</summary>
    public ReadOnlySpan<byte> Pending => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Makes the event found last the next one again.</summary>
    public void Rewind()
    {
        _start = _line = _scan = _last;
        _skipsLineFeed = false;
        _isBegun = false;
        _fields = default;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (_joined is not null)
        {
            ArrayPool<byte>.Shared.Return(_joined);
            _joined = null;
        }
    }

    private void SkipLineFeed()
    {
        if (!_skipsLineFeed || _start == _end)
        {
            return;
        }

        _skipsLineFeed = false;
        if (_buffer[_start] == '\n')
        {
            // Promised already, or else it goes out with the next event.
            _start += _dropsLineFeed ? 1 : 0;
            _line = _scan = _dropsLineFeed ? _start : _start + 1;
        }
    }

    private StreamEvent Complete(int next, bool isOpen)
    {
        var found = new StreamEvent
        {
            Raw = _buffer.AsSpan(_start, next - _start),
            Name = _buffer.AsSpan(_fields.NameStart, _fields.NameLength),
            Data = _fields.DataLines > 1 ? Join() : _buffer.AsSpan(_fields.DataStart, _fields.DataLength),
            HasData = _fields.DataLines > 0,
            OwesLineFeed = isOpen && _usesCrLf,
        };
        _skipsLineFeed = isOpen;
        _dropsLineFeed = isOpen && _usesCrLf;
        _last = _start;
        _start = _line = _scan = next;
        _fields = default;
        return found;
    }

    /// <summary>Takes note of the line that ends there.</summary>
    private void Field(int lineEnd)
    {
        var start = _line;
        if (!_isBegun)
        {
            _isBegun = true;
            start += _buffer.AsSpan(start, lineEnd - start).StartsWith("\uFEFF"u8) ? 3 : 0;
        }

        var line = _buffer.AsSpan(start, lineEnd - start);
        if (TryValue(line, "data"u8, out var offset))
        {
            _fields.DataLines++;
            if (_fields.DataLines == 1)
            {
                (_fields.DataStart, _fields.DataLength) = (start + offset, line.Length - offset);
            }
        }
        else if (TryValue(line, "event"u8, out offset))
        {
            (_fields.NameStart, _fields.NameLength) = (start + offset, line.Length - offset);
        }
    }

    private static bool TryValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out int offset)
    {
        offset = 0;
        if (!line.StartsWith(name) || (line.Length > name.Length && line[name.Length] != ':'))
        {
            return false;
        }

        offset = Math.Min(name.Length + 1, line.Length);
        offset += line.Length > offset && line[offset] == ' ' ? 1 : 0;
        return true;
    }

    /// <summary>Only for events of several data lines, which providers of models hardly ever send.</summary>
    private ReadOnlySpan<byte> Join()
    {
        var raw = _buffer.AsSpan(_fields.DataStart, _line - _fields.DataStart);
        if (_joined is null || _joined.Length < raw.Length)
        {
            if (_joined is not null)
            {
                ArrayPool<byte>.Shared.Return(_joined);
            }

            _joined = ArrayPool<byte>.Shared.Rent(raw.Length);
        }

        raw[.._fields.DataLength].CopyTo(_joined);
        var length = _fields.DataLength;
        raw = raw[_fields.DataLength..];
        while (raw.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var at)
        {
            if (TryValue(raw[..at], "data"u8, out var offset))
            {
                _joined[length++] = (byte)'\n';
                raw[offset..at].CopyTo(_joined.AsSpan(length));
                length += at - offset;
            }

            raw = raw[(at + 1)..];
        }

        return _joined.AsSpan(0, length);
    }

    private void Shift()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        Move(_start);
    }

    private void Resize(int size)
    {
        var other = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, _end - _start).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = other;
        Move(_start);
    }

    private void Move(int by)
    {
        _start -= by;
        _line -= by;
        _scan -= by;
        _end -= by;
        _fields.DataStart -= by;
        _fields.NameStart -= by;
        _fields.DataStart = Math.Max(_fields.DataStart, 0);
        _fields.NameStart = Math.Max(_fields.NameStart, 0);
    }

    /// <summary>What is known of the event under way; positions in the buffer.</summary>
    private struct Fields
    {
        public int DataStart;
        public int DataLength;
        public int DataLines;
        public int NameStart;
        public int NameLength;
    }
}
