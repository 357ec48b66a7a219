using Stoa.Ledger.Checkpoints;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>The P-256 key that signs checkpoints. It stays where it is: digests go there, signatures come back.</summary>
internal interface ICheckpointKey
{
    /// <summary>The public half.</summary>
    /// <exception cref="Storage.StorageUnavailableException">It cannot be had now.</exception>
    ValueTask<NoteKey> PublicAsync(CancellationToken ct);

    /// <summary>Signs a SHA-256 digest; r || s, 32 bytes each.</summary>
    /// <exception cref="Storage.StorageUnavailableException">It cannot be had now.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct);
}
