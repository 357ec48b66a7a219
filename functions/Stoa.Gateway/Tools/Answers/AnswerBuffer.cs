using System.Buffers;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>Bytes of an answer in the making, in a pooled array that grows by doubling; <see cref="Body"/> must not be touched after <see cref="Dispose"/>.</summary>
internal sealed class AnswerBuffer(int firstGuess) : IBufferWriter<byte>, IDisposable
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(firstGuess);
    private int _length;

    public ReadOnlyMemory<byte> Body => Rented.AsMemory(0, _length);

    /// <summary>Whether the JSON written here is an object; nothing here writes white space before a value.</summary>
    public bool IsObject => _length > 0 && Rented[0] == (byte)'{';

    private byte[] Rented
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer;
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Rented.Length - _length));
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Rented.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Rented.AsSpan(_length);
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reserve(int sizeHint)
    {
        var full = Rented;
        if (full.Length - _length < Math.Max(sizeHint, 1))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + sizeHint), (int)Math.Min(2L * full.Length, Array.MaxLength)));
            full.AsSpan(0, _length).CopyTo(larger);
            _buffer = larger;
            ArrayPool<byte>.Shared.Return(full);
        }
    }
}
