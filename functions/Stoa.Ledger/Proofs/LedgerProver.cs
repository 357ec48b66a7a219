using System.Text;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Proofs;

/// <summary>What came of looking for a proof.</summary>
internal enum ProofVerdict
{
    Proven,

    /// <summary>No record has this id.</summary>
    NoRecord,

    /// <summary>The record is there, and no checkpoint covers it.</summary>
    NotSealed,

    /// <summary>The files of the ledger do not fit together.</summary>
    Broken,
}

/// <summary>Finds a record in the files of a ledger and proves it under the last checkpoint.</summary>
internal sealed class LedgerProver(LedgerSource source)
{
    private const int MostCheckpointBytes = 64 * 1024;
    private const int MostListBytes = 512 * 1024 * 1024;

    private readonly LineReader _reader = new();

    /// <summary>The proof; else why there is none, with what is missing or wrong when the ledger is broken.</summary>
    public (ProofVerdict Verdict, RecordProof? Proof, string? Fault) Prove(string id, CancellationToken ct)
    {
        if (Find(id, ct) is not { } found)
        {
            return (ProofVerdict.NoRecord, null, null);
        }

        var sizes = source.List(Checkpoint.Folder).Select(name => Checkpoint.TryParseSize(name[Checkpoint.Folder.Length..], out var size) ? size : 0).Where(size => size > 0).Order().ToArray();
        var ranges = new Dictionary<long, SegmentList>();
        var (from, index) = (0L, -1L);
        foreach (var size in sizes)
        {
            if (source.Read(SegmentList.NameOf(size), MostListBytes) is not { } bytes || !SegmentList.TryParse(bytes, out var list) || list.Count != size - from)
            {
                return (ProofVerdict.Broken, null, $"{SegmentList.NameOf(size)} is missing or wrong");
            }

            index = index < 0 ? IndexIn(list, from, found) : index;
            if (size > sizes[^1] - (sizes[^1] % TilePath.FullWidth))
            {
                ranges.Add(from, list);
            }

            from = size;
        }

        return index < 0 ? (ProofVerdict.NotSealed, null, null) : Prove(found, index, sizes[^1], ranges);
    }

    private (ProofVerdict Verdict, RecordProof? Proof, string? Fault) Prove(FoundRecord found, long index, long size, Dictionary<long, SegmentList> ranges)
    {
        var checkpoint = source.Read(Checkpoint.NameOf(size), MostCheckpointBytes) ?? [];
        try
        {
            var tiles = new TileReader(size, path => path.IsFull ? source.Read(path.ToString(), TilePath.FullBytes) : path.Level == 0 ? LastTile(path, size, ranges) : null);
            var proof = RecordProof.Make(found.Line, index, size, tiles.Node, checkpoint);
            return proof.LeadsToCheckpoint() ? (ProofVerdict.Proven, proof, null) : (ProofVerdict.Broken, null, $"the record does not lead to the root in {Checkpoint.NameOf(size)}");
        }
        catch (TileMissingException fault)
        {
            return (ProofVerdict.Broken, null, $"{fault.Path} is missing or has the wrong length");
        }
    }

    private FoundRecord? Find(string id, CancellationToken ct)
    {
        var needle = Encoding.UTF8.GetBytes($"\"id\":\"{id}\"");
        foreach (var blob in source.List(LedgerBlobName.Folder).Order(StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            using var stream = source.Open(blob);
            if (stream is null)
            {
                continue;
            }

            _reader.Open(stream, 0);
            while (_reader.TryRead(out var line))
            {
                if (line.IndexOf(needle) >= 0 && _reader.IsWhole && LedgerRecord.TryParse(line, out var record, out _) && record.Id.SequenceEqual(Encoding.UTF8.GetBytes(id)))
                {
                    return new(blob, _reader.Offset, line.ToArray());
                }
            }
        }

        return null;
    }

    private long IndexIn(SegmentList list, long first, FoundRecord found)
    {
        foreach (var segment in list.Segments)
        {
            if (segment.Blob == found.Blob && found.Offset >= segment.From && found.Offset < segment.To)
            {
                using var stream = source.Open(segment.Blob)!;
                _reader.Open(stream, segment.From);
                while (_reader.Position < found.Offset && _reader.TryRead(out _))
                {
                    first++;
                }

                return first;
            }

            first += segment.Count;
        }

        return -1;
    }

    // The last tile of a log is not kept with the full ones: it is made of the records again.
    private byte[] LastTile(TilePath path, long size, Dictionary<long, SegmentList> ranges)
    {
        var start = size - path.Width;
        var hashes = new byte[path.Width * Sha256Hash.Size];
        foreach (var (from, list) in ranges)
        {
            var index = from;
            foreach (var segment in list.Segments)
            {
                using var stream = index + segment.Count > start ? source.Open(segment.Blob) : null;
                if (stream is null)
                {
                    index += segment.Count;
                    continue;
                }

                _reader.Open(stream, Math.Min(segment.From, stream.Length));
                for (var i = 0L; i < segment.Count && _reader.TryRead(out var line); i++)
                {
                    if (index + i >= start)
                    {
                        MerkleHash.Leaf(line).CopyTo(hashes.AsSpan((int)(index + i - start) * Sha256Hash.Size));
                    }
                }

                index += segment.Count;
            }
        }

        return hashes;
    }

    private sealed record FoundRecord(string Blob, long Offset, byte[] Line);
}
