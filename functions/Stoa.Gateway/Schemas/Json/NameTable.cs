using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stoa.Gateway.Schemas.Json;

/// <summary>Names known at compile time, found by the bytes of a document without making strings.</summary>
internal sealed class NameTable
{
    private const int FewNames = 8;

    private readonly byte[][] _utf8;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _byHash;

    /// <summary>Distinct names; each is known by its place in the list.</summary>
    public NameTable(IReadOnlyList<string> names)
    {
        Names = names;
        _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];
        if (_utf8.Length > FewNames)
        {
            var indexes = new Dictionary<byte[], int>(_utf8.Length, Utf8Comparer.Instance);
            for (var i = 0; i < _utf8.Length; i++)
            {
                indexes.TryAdd(_utf8[i], i);
            }

            _byHash = indexes.GetAlternateLookup<ReadOnlySpan<byte>>();
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The place of a name that is spelled so in a document, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Find(raw);
        }

        using var name = new JsonString(raw, stackalloc byte[JsonString.ScratchSize]);
        return Find(name.Utf8);
    }

    private int Find(ReadOnlySpan<byte> name)
    {
        if (_byHash is { } lookup)
        {
            return lookup.TryGetValue(name, out var index) ? index : -1;
        }

        for (var i = 0; i < _utf8.Length; i++)
        {
            if (name.SequenceEqual(_utf8[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Utf8Comparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
