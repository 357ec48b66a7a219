using System.Text;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>
/// An attacker who can write every file and has no key: changes a record and makes everything after it fit, chain, blobs, segments, tiles and
/// roots. Right is the first checkpoint that covers the record: it, its root or its list is told.
/// </summary>
internal sealed class Rechain(SampleLedger ledger, SampleRecord target, Random random)
{
    private readonly Dictionary<string, byte[]> _files = ledger.Files;

    /// <param name="sign">Makes a checkpoint's file; null leaves those that there were.</param>
    public Mutation With(Func<Checkpoint, byte[]>? sign)
    {
        var records = Rewritten();
        foreach (var blob in records.Values.GroupBy(r => r.Blob))
        {
            _files[blob.Key] = [.. blob.OrderBy(r => r.Sequence).SelectMany(r => r.Line.Append((byte)'\n'))];
        }

        var (tiles, previous) = (new TileBuilder(), 0L);
        foreach (var old in ledger.Checkpoints)
        {
            var list = Rewritten(old, records);
            foreach (var record in ledger.Records.Where(r => r.Index >= previous && r.Index < old.Size).OrderBy(r => r.Index))
            {
                tiles.Append(records[record].Leaf);
            }

            foreach (var tile in tiles.TakeCompleted())
            {
                _files[tile.Path.ToString()] = tile.Hashes.ToArray();
            }

            _files[SegmentList.NameOf(old.Size)] = list;
            if (sign is not null && tiles.Root() != old.Root)
            {
                _files[Checkpoint.NameOf(old.Size)] = sign(old with { Root = tiles.Root(), Segments = SegmentList.HashOf(list) });
            }

            previous = old.Size;
        }

        var first = ledger.Checkpoints.First(c => c.Size > target.Index).Size;
        return new($"re-chain from {target.Sequence} of {target.Blob}", _files, f => f.IsTampering && (f.File == Checkpoint.NameOf(first) || f.File == SegmentList.NameOf(first)));
    }

    // Every record as it is now: the target changed, those of its instance after it with another prev.
    private Dictionary<SampleRecord, SampleRecord> Rewritten()
    {
        var (records, old, now, offsets) = (new Dictionary<SampleRecord, SampleRecord>(), default(Sha256Hash), default(Sha256Hash), new Dictionary<string, long>());
        var text = random.Next(2) == 0 ? "login" : "log in";
        foreach (var record in ledger.Records)
        {
            var line = Encoding.UTF8.GetString(record.Line);
            if (record.Instance == target.Instance && record.Sequence >= target.Sequence)
            {
                line = record.Sequence == target.Sequence
                    ? $"{{\"a\":\"{text}\",{line[1..]}"
                    : line.Replace(old.ToString(), now.ToString(), StringComparison.Ordinal);
            }

            var bytes = Encoding.UTF8.GetBytes(line);
            Assert.True(CanonicalJson.IsCanonical(bytes));
            var rewritten = record with { Line = bytes, Leaf = MerkleHash.Leaf(bytes), Offset = offsets.GetValueOrDefault(record.Blob) };
            offsets[record.Blob] = rewritten.Offset + rewritten.Length;
            records.Add(record, rewritten);
            if (record.Instance == target.Instance)
            {
                (old, now) = (record.Leaf, rewritten.Leaf);
            }
        }

        return records;
    }

    private byte[] Rewritten(Checkpoint checkpoint, Dictionary<SampleRecord, SampleRecord> records)
    {
        Assert.True(SegmentList.TryParse(ledger.Files[SegmentList.NameOf(checkpoint.Size)], out var list));
        return new SegmentList([.. list.Segments.Select(segment =>
        {
            var own = ledger.Records.Where(r => r.Blob == segment.Blob && r.Offset >= segment.From && r.Offset < segment.To).Select(r => records[r]).ToArray();
            return segment with { From = own[0].Offset, To = own[^1].Offset + own[^1].Length };
        })]).ToBytes();
    }
}
