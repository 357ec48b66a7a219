using System.Security.Cryptography;

namespace Stoa.Gateway.Kernel;

/// <summary>
/// What the caller of a stream has been given so far: its size in bytes, its keyed hash (HMAC-SHA256) and, where somebody asks for that, its
/// beginning. Taken as the stream goes, with nothing allocated on the way.
/// </summary>
/// <param name="key">Null when nothing is to be hashed.</param>
/// <param name="keeps">Bytes of the beginning to keep.</param>
public sealed class GivenContent(byte[]? key, int keeps) : IDisposable
{
    private readonly IncrementalHash? _hash = key is null ? null : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    private readonly byte[] _beginning = new byte[keeps];

    public long Bytes { get; private set; }

    /// <summary>At most as many bytes as are kept.</summary>
    public ReadOnlyMemory<byte> Beginning => _beginning.AsMemory(0, (int)Math.Min(Bytes, _beginning.Length));

    /// <summary>No more is taken note of.</summary>
    public bool IsOver { get; private set; }

    public void Add(ReadOnlySpan<byte> piece)
    {
        if (IsOver)
        {
            return;
        }

        if (Bytes < _beginning.Length)
        {
            piece[..Math.Min(piece.Length, _beginning.Length - (int)Bytes)].CopyTo(_beginning.AsSpan((int)Bytes));
        }

        _hash?.AppendData(piece);
        Bytes += piece.Length;
    }

    /// <summary>Ends it; false when nothing was hashed.</summary>
    /// <param name="hash">32 bytes.</param>
    public bool TryEnd(Span<byte> hash)
    {
        var isHashed = _hash is not null && !IsOver;
        IsOver = true;
        if (isHashed)
        {
            _hash!.GetHashAndReset(hash);
        }

        return isHashed;
    }

    public void Dispose() => _hash?.Dispose();
}
