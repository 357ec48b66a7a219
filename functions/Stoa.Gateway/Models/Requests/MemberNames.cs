using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// Finds names that occur twice in one object (RFC 8259 §4 leaves open what they mean, so readers of the same bytes may disagree). Keeps a
/// hash of 64 bits per name of the objects that are open: equal names have equal hashes, so none is missed.
/// </summary>
internal ref struct MemberNames
{
    /// <summary>Per object: the search is quadratic.</summary>
    public const int Most = 2048;

    private ulong[] _hashes;
    private int _used;

    public MemberNames() => _hashes = ArrayPool<ulong>.Shared.Rent(256);

    /// <summary>Begins an object; the result is for <see cref="Add"/> and <see cref="Close"/>.</summary>
    public readonly int Open() => _used;

    public void Close(int opened) => _used = opened;

    /// <summary>False when the object has that name already.</summary>
    public bool Add(int opened, ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        if (_hashes.AsSpan(opened, _used - opened).Contains(hash))
        {
            return false;
        }

        if (_used == _hashes.Length)
        {
            var larger = ArrayPool<ulong>.Shared.Rent(_used * 2);
            _hashes.CopyTo(larger, 0);
            ArrayPool<ulong>.Shared.Return(_hashes);
            _hashes = larger;
        }

        _hashes[_used++] = hash;
        return true;
    }

    /// <summary>How many names the object has so far.</summary>
    public readonly int Count(int opened) => _used - opened;

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_hashes);
        _hashes = [];
    }

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)name.Length * Odd;
        for (; name.Length >= 8; name = name[8..])
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(name)) * Odd;
        }

        ulong rest = 0;
        foreach (var one in name)
        {
            rest = (rest << 8) | one;
        }

        hash = (BitOperations.RotateLeft(hash, 23) ^ rest) * Odd;
        return hash ^ (hash >> 32);
    }
}
