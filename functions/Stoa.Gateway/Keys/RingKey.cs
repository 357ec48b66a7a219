using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Stoa.Gateway.Keys;

/// <summary>One opened key of the ring. It is never used itself: each use and purpose gets a key of its own by HKDF-SHA256 (RFC 5869).</summary>
internal sealed class RingKey(uint id, byte[] material)
{
    private readonly ConcurrentDictionary<(KeyDomain Domain, string Purpose), byte[]> _derived = new();

    public uint Id => id;

    /// <summary>32 bytes. Purposes are constants of the code, never taken from a request, so the cache stays small.</summary>
    public ReadOnlySpan<byte> For(KeyDomain domain, string purpose) =>
        _derived.GetOrAdd((domain, purpose), static (of, material) => Derive(of.Domain, of.Purpose, material), material);

    private static byte[] Derive(KeyDomain domain, string purpose, byte[] material)
    {
        var prefix = domain is KeyDomain.Sign ? "stoa:sign:" : "stoa:seal:";
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, material, GcmBox.KeySize, info: Encoding.UTF8.GetBytes(prefix + purpose));
    }
}

/// <summary>Keeps the keys that one purpose signs and seals with apart.</summary>
internal enum KeyDomain
{
    Sign,
    Seal,
}
