using System.Security.Cryptography;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Keys;

/// <summary>Locks the ring's keys at rest under a key that is kept elsewhere.</summary>
internal interface IKeyWrap
{
    /// <summary>Wraps 32 bytes. Throws <see cref="StorageUnavailableException"/> when the keeper of the outer key does not answer.</summary>
    ValueTask<WrappedKey> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken ct);

    /// <summary>
    /// What was wrapped, also under former versions of the outer key. Throws <see cref="CryptographicException"/> when it was altered or
    /// wrapped by another, <see cref="StorageUnavailableException"/> as above.
    /// </summary>
    ValueTask<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken ct);
}

/// <summary>A locked key, and the exact outer key (with its version) that opens it.</summary>
internal sealed record WrappedKey(string Name, ReadOnlyMemory<byte> Bytes);
