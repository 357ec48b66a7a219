using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>How far an instance's chain has been followed: all its records before <paramref name="Next"/>, the last of which ends at <paramref name="To"/> in a blob.</summary>
/// <param name="Hash">Leaf hash of the last one, in hex.</param>
/// <param name="Closed">It was the instance's <c>close</c>.</param>
internal sealed record ChainPlace(string Blob, long To, long Next, string Hash, bool Closed)
{
    public LedgerBlobName BlobName => LedgerBlobName.Parse(Blob);

    public ChainCheck Check(InstanceId instance) => Sha256Hash.TryParseHex(System.Text.Encoding.ASCII.GetBytes(Hash), out var hash)
        ? ChainCheck.After(instance, Next - 1, hash, Closed)
        : throw new InvalidDataException($"A stored place in the chain of instance {instance} is damaged.");
}
