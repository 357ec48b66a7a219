using Stoa.Gateway.Storage;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>A record that continues its instance's chain.</summary>
/// <param name="Line">Its bytes without the line end; only good while it is given.</param>
internal readonly record struct ChainLine(string Blob, long Offset, ReadOnlyMemory<byte> Line, long Sequence, Sha256Hash Leaf, bool IsClose)
{
    public long End => Offset + Line.Length + 1;

    /// <summary>Where the chain stands once this is taken.</summary>
    public ChainPlace Place => new(Blob, End, Sequence + 1, Leaf.ToString(), IsClose);
}

/// <summary>Follows the chain of one instance through its blobs. Bytes that do not continue it are left where they are: a later blob may.</summary>
internal sealed class ChainReader(IAppendStore store)
{
    /// <param name="start">Null for an instance of which nothing has been read.</param>
    /// <param name="blobs">The instance's, in order of slot and part.</param>
    /// <param name="take">False when this line and all after it are not wanted now.</param>
    /// <returns>False when <paramref name="take"/> ended it.</returns>
    public async ValueTask<bool> ReadAsync(InstanceId instance, ChainPlace? start, IEnumerable<LedgerBlob> blobs, Func<ChainLine, bool> take, CancellationToken ct)
    {
        var chain = start?.Check(instance) ?? new ChainCheck(instance);
        var from = start?.BlobName;
        var wanted = true;
        foreach (var blob in blobs)
        {
            var offset = from == blob.Name ? start!.To : 0;
            if (chain.IsClosed || !wanted || offset >= blob.Length || (from is { } begun && IsBefore(blob.Name, begun)))
            {
                continue;
            }

            var name = blob.Name.ToString();
            await LedgerLines.ReadAsync(
                store,
                name,
                offset,
                (line, at) =>
                {
                    if (!LedgerRecord.TryParse(line.Span, out var record, out _) || chain.FaultOf(record) is not ChainFault.None)
                    {
                        return false;
                    }

                    var leaf = MerkleHash.Leaf(line.Span);
                    wanted = take(new(name, at, line, record.Sequence, leaf, record.Type is RecordType.Close));
                    if (wanted)
                    {
                        chain.Accept(record, leaf);
                    }

                    return wanted;
                },
                ct);
        }

        return wanted;
    }

    private static bool IsBefore(LedgerBlobName blob, LedgerBlobName other) => blob.Slot < other.Slot || (blob.Slot == other.Slot && blob.Part < other.Part);
}
