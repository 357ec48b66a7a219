using System.Globalization;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Proofs;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>Proves one record under the last checkpoint. What it gives needs no trust in it: the proof leads to the signed root or it does not.</summary>
internal sealed class ProofFinder(IAppendStore store, IBlobStore blobs, HeadBlob heads, SealIndex index)
{
    /// <summary>Null when no checkpoint covers a record with this id, or there is none.</summary>
    /// <exception cref="InvalidDataException">The ledger's files do not fit together.</exception>
    public async ValueTask<RecordProof?> FindAsync(string id, CancellationToken ct)
    {
        if (!TryParse(id, out var instance, out var sequence) || await heads.ReadAsync(ct) is not { Head: { Size: > 0 } head }
            || await index.FindAsync(instance, sequence, ct) is not { } place)
        {
            return null;
        }

        var leaf = place.Index + sequence - place.Segment.FirstSequence;
        var line = await ReadAsync(place, sequence, ct);
        if (leaf >= head.Size)
        {
            // Its checkpoint is there and the head does not say so yet.
            return null;
        }

        var checkpoint = await blobs.GetAsync(LedgerWriter.Container, Checkpoint.NameOf(head.Size), ct);
        if (line is null || checkpoint is null)
        {
            throw new InvalidDataException($"{(line is null ? place.Segment.Blob : Checkpoint.NameOf(head.Size))} of the audit ledger is missing or cut.");
        }

        var proof = await new SealedTiles(blobs, head.Size, head.Tiles).UseAsync(tiles => RecordProof.Make(line, leaf, head.Size, tiles.Node, checkpoint.Content.Span), ct);
        return proof.LeadsToCheckpoint() ? proof : throw new InvalidDataException($"Record {id} does not lead to the root in {Checkpoint.NameOf(head.Size)}: verify the ledger.");
    }

    /// <summary>The record with this id, without a proof; null when no segment that was sealed has it.</summary>
    public async ValueTask<byte[]?> LineAsync(string id, CancellationToken ct) =>
        TryParse(id, out var instance, out var sequence) && await index.FindAsync(instance, sequence, ct) is { } place ? await ReadAsync(place, sequence, ct) : null;

    private async ValueTask<byte[]?> ReadAsync(SealedSegment place, long sequence, CancellationToken ct)
    {
        var skip = sequence - place.Segment.FirstSequence;
        byte[]? line = null;
        await LedgerLines.ReadAsync(
            store,
            place.Segment.Blob,
            place.Segment.From,
            (found, _) =>
            {
                line = skip == 0 ? found.ToArray() : null;
                return skip-- > 0;
            },
            ct);
        return line;
    }

    private static bool TryParse(string id, out InstanceId instance, out long sequence)
    {
        (instance, sequence) = (default, 0);
        return id.Length > InstanceId.Length + 1 && id[InstanceId.Length] == '-'
            && InstanceId.TryParse(System.Text.Encoding.UTF8.GetBytes(id[..InstanceId.Length]), out instance)
            && long.TryParse(id.AsSpan(InstanceId.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }
}
