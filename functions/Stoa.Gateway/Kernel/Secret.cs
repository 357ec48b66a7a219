using System.Security.Cryptography;
using System.Text;

namespace Stoa.Gateway.Kernel;

/// <summary>A credential in memory. It cannot print itself, so it cannot reach a log by accident; <see cref="Reveal"/> marks each use.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    /// <summary>Compares in constant time whatever the lengths: both sides are hashed first.</summary>
    public bool Matches(ReadOnlySpan<char> presented)
    {
        Span<byte> ours = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> theirs = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(value), ours);
        SHA256.HashData(Encoding.UTF8.GetBytes(presented.ToArray()), theirs);
        return CryptographicOperations.FixedTimeEquals(ours, theirs);
    }

    public override string ToString() => "***";
}
