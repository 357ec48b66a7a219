using System.Text;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>What is to be sealed, and the leaves that it adds.</summary>
internal sealed record PlannedSeal(SealPlan Plan, SegmentList Segments, IReadOnlyList<Sha256Hash> Leaves);

/// <summary>Finds the records that are in no checkpoint yet and continue their instances' chains.</summary>
internal sealed class SealPlanner(LedgerScan scan, IAppendStore store, TimeProvider time, int maxLeaves = SealPlanner.MaxLeaves)
{
    /// <summary>Leaves of one sealing; more go into the next.</summary>
    public const int MaxLeaves = 65_536;

    /// <summary>Blobs may get their bytes so late, and clocks of instances differ.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromHours(1);

    /// <summary>How long a plan is its maker's alone.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    private readonly ChainReader _chains = new(store);

    /// <summary>Null when there is nothing new.</summary>
    /// <param name="isWide">Looks at everything above the floor, not only at what is recent.</param>
    public async ValueTask<PlannedSeal?> PlanAsync(SealHead head, string holder, bool isWide, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var recent = head.Through > DateTimeOffset.MinValue + Lateness ? head.Through - Lateness : DateTimeOffset.MinValue;
        var from = isWide || recent < head.Floor ? head.Floor : recent;
        var blobs = await scan.ListAsync(from, now + Lateness, ct);

        var segments = new List<Segment>();
        var leaves = new List<Sha256Hash>();
        var places = new Dictionary<string, ChainPlace>();
        var isWhole = true;
        foreach (var instance in blobs.Where(b => b.Name.Slot >= head.Floor).GroupBy(b => b.Name.Instance))
        {
            var key = instance.Key.ToString();
            var growing = new Growing(segments);
            isWhole = await _chains.ReadAsync(
                instance.Key,
                head.Instances.GetValueOrDefault(key),
                instance,
                line =>
                {
                    if (leaves.Count == maxLeaves)
                    {
                        return false;
                    }

                    growing.Take(line);
                    leaves.Add(line.Leaf);
                    return true;
                },
                ct);
            if (growing.End() is { } place)
            {
                places.Add(key, place);
            }

            if (!isWhole)
            {
                break;
            }
        }

        if (leaves.Count == 0)
        {
            return null;
        }

        // By the store's clock, as one instance whose own is days ahead would make everybody's records too late.
        var list = new SegmentList(segments);
        var newest = blobs.Max(b => b.Written);
        var through = isWhole ? newest < now ? newest : now : (DateTimeOffset?)null;
        return new(new(head.Size + leaves.Count, Encoding.UTF8.GetString(list.ToBytes()), places, through, holder, now + Hold), list, leaves);
    }

    /// <summary>A plan that another has made, with its leaves read again.</summary>
    public async ValueTask<PlannedSeal> ResumeAsync(SealPlan plan, CancellationToken ct)
    {
        if (!SegmentList.TryParse(Encoding.UTF8.GetBytes(plan.Segments), out var list))
        {
            throw new InvalidDataException($"The segment list for {plan.Size} leaves is damaged.");
        }

        var leaves = new List<Sha256Hash>();
        foreach (var segment in list.Segments)
        {
            leaves.AddRange(await LeavesOfAsync(segment, ct));
        }

        return new(plan, list, leaves);
    }

    /// <summary>The leaf hashes of a segment.</summary>
    public async ValueTask<IReadOnlyList<Sha256Hash>> LeavesOfAsync(Segment segment, CancellationToken ct)
    {
        var leaves = new List<Sha256Hash>();
        await LedgerLines.ReadAsync(
            store,
            segment.Blob,
            segment.From,
            (line, offset) =>
            {
                if (offset < segment.To)
                {
                    leaves.Add(MerkleHash.Leaf(line.Span));
                }

                return offset + line.Length + 1 < segment.To;
            },
            ct);
        return leaves.Count == segment.Count
            ? leaves
            : throw new InvalidDataException($"{segment.Blob} holds {leaves.Count} records from byte {segment.From} to {segment.To}, and {segment.Count} were sealed.");
    }

    /// <summary>Where the chain stood at the end of a segment.</summary>
    public async ValueTask<ChainPlace> PlaceAfterAsync(Segment segment, CancellationToken ct)
    {
        var place = (ChainPlace?)null;
        await LedgerLines.ReadAsync(
            store,
            segment.Blob,
            segment.From,
            (line, offset) =>
            {
                var end = offset + line.Length + 1;
                if (end == segment.To && LedgerRecord.TryParse(line.Span, out var record, out _))
                {
                    place = new(segment.Blob, end, record.Sequence + 1, MerkleHash.Leaf(line.Span).ToString(), record.Type is RecordType.Close);
                }

                return end < segment.To;
            },
            ct);
        return place ?? throw new InvalidDataException($"{segment.Blob} has no record that ends at byte {segment.To}, where one was sealed.");
    }

    /// <summary>Turns lines that follow each other into segments.</summary>
    private sealed class Growing(List<Segment> segments)
    {
        private Segment? _segment;
        private ChainLine? _last;

        public void Take(in ChainLine line)
        {
            if (_segment is { } segment && segment.Blob == line.Blob)
            {
                _segment = segment with { To = line.End, Count = segment.Count + 1 };
            }
            else
            {
                Flush();
                _segment = new(line.Blob, line.Offset, line.End, line.Sequence, 1);
            }

            _last = line;
        }

        /// <summary>Where the instance stands now; null when nothing was taken.</summary>
        public ChainPlace? End()
        {
            Flush();
            return _last?.Place;
        }

        private void Flush()
        {
            if (_segment is { } segment)
            {
                segments.Add(segment);
                _segment = null;
            }
        }
    }
}
