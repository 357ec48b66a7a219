using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stoa.Gateway.Kernel;

/// <summary>A credential in memory. It cannot print itself, so it cannot reach a log by accident; <see cref="Reveal"/> marks each use.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    /// <summary>Compares values, in a time that does not tell how much of them agrees.</summary>
    public bool IsSame(Secret other) =>
        ReferenceEquals(this, other)
        || CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(value.AsSpan()), MemoryMarshal.AsBytes(other.Reveal().AsSpan()));

    public override string ToString() => "***";
}
