using System.Security.Cryptography;
using System.Text;

namespace Stoa.Gateway.Tenants;

/// <summary>The bootstrap administrator's key, kept as its SHA-256 and compared in constant time.</summary>
internal sealed class AdminKey(ReadOnlyMemory<byte> sha256)
{
    /// <summary>The least length of a key that an operator chooses; a shorter one is guessable.</summary>
    public const int MinLength = 32;

    public static AdminKey Of(string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public ReadOnlyMemory<byte> Sha256 => sha256;

    /// <summary>Takes at most <see cref="Credential.MaxLength"/> characters.</summary>
    internal bool Matches(ReadOnlySpan<char> presented)
    {
        Span<byte> utf8 = stackalloc byte[Credential.MaxLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(presented, utf8)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, sha256.Span);
    }
}
