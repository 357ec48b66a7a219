using System.Text;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>
/// Makes a lost head again, and the index with it, from what can not be lost: checkpoints, segment lists, tiles and records. Reads every segment
/// list there is, so it takes its time; a new ledger has none.
/// </summary>
internal sealed class HeadRestore(IBlobStore blobs, SealPlanner planner, SealIndex index)
{
    private const int Page = 5000;

    public async ValueTask<SealHead> RunAsync(string origin, TimeSpan horizon, CancellationToken ct)
    {
        var sizes = await SizesAsync(Checkpoint.Folder, ct);
        var lists = new List<(long From, SegmentList List)>();
        var last = new Dictionary<InstanceId, Segment>();
        foreach (var size in sizes)
        {
            var list = await ListAsync(size, ct);
            lists.Add((size - list.Count, list));
            list.Segments.ToList().ForEach(s => last[LedgerBlobName.Parse(s.Blob).Instance] = s);
            await IndexAsync(list, size - list.Count, ct);
        }

        var head = sizes.Count == 0 ? SealHead.Empty(origin) : await HeadAsync(sizes, lists, last.Values, horizon, ct);
        return head with { Plan = await PlanAsync(head.Size, ct) };
    }

    private async ValueTask<SealHead> HeadAsync(List<long> sizes, List<(long From, SegmentList List)> lists, IEnumerable<Segment> last, TimeSpan horizon, CancellationToken ct)
    {
        var size = sizes[^1];
        var checkpoint = await CheckpointAsync(size, ct);
        var partial = new Dictionary<string, byte[]>();
        if (TilePath.In(size, 0, size / TilePath.FullWidth) is { IsFull: false } path)
        {
            partial.Add(path.ToString(), await LastTileAsync(path, size, lists, ct));
        }

        var tree = await new SealedTiles(blobs, size, partial).UseAsync(TileBuilder.Open, ct);
        if (tree.Root() != checkpoint.Root)
        {
            throw new InvalidDataException($"The tiles of the audit ledger do not give the root in {Checkpoint.NameOf(size)}. Verify the ledger; nothing is sealed until that is cleared up.");
        }

        var places = new Dictionary<string, ChainPlace>();
        foreach (var segment in last)
        {
            places.Add(LedgerBlobName.Parse(segment.Blob).Instance.ToString(), await planner.PlaceAfterAsync(segment, ct));
        }

        // What was looked at is not known, so the next look begins well before the newest records.
        var newest = places.Values.Max(p => p.BlobName.Slot);
        return new(
            checkpoint.Origin, size, checkpoint.Previous, newest - horizon, newest - horizon, null,
            tree.Partial().ToDictionary(t => t.Path.ToString(), t => t.Hashes.ToArray()), places, Plan: null);
    }

    // Of a sealer that died before it signed: what it wrote stays, so it is what comes next.
    private async ValueTask<SealPlan?> PlanAsync(long size, CancellationToken ct)
    {
        foreach (var next in (await SizesAsync(SegmentList.Folder, ct)).Where(s => s > size))
        {
            var list = await ListAsync(next, ct);
            if (list.Count == next - size)
            {
                var places = new Dictionary<string, ChainPlace>();
                foreach (var segment in list.Segments.GroupBy(s => LedgerBlobName.Parse(s.Blob).Instance).Select(g => g.Last()))
                {
                    places.Add(LedgerBlobName.Parse(segment.Blob).Instance.ToString(), await planner.PlaceAfterAsync(segment, ct));
                }

                return new(next, Encoding.UTF8.GetString(list.ToBytes()), places, Through: null, Holder: "", DateTimeOffset.MinValue);
            }
        }

        return null;
    }

    private async ValueTask<List<long>> SizesAsync(string folder, CancellationToken ct)
    {
        var sizes = new List<long>();
        string? next = null;
        do
        {
            var page = await blobs.ListAsync(LedgerWriter.Container, folder, Page, next, ct);
            sizes.AddRange(page.Entries.Select(e => Checkpoint.TryParseSize(e.Name[folder.Length..], out var size) ? size : 0).Where(size => size > 0));
            next = page.Continuation;
        }
        while (next is not null);
        sizes.Sort();
        return sizes;
    }

    private async ValueTask<SegmentList> ListAsync(long size, CancellationToken ct) =>
        await blobs.GetAsync(LedgerWriter.Container, SegmentList.NameOf(size), ct) is { } blob && SegmentList.TryParse(blob.Content.Span, out var list)
            ? list
            : throw new InvalidDataException($"{SegmentList.NameOf(size)} of the audit ledger is missing or damaged.");

    private async ValueTask<Checkpoint> CheckpointAsync(long size, CancellationToken ct) =>
        await blobs.GetAsync(LedgerWriter.Container, Checkpoint.NameOf(size), ct) is { } blob && SignedNote.TryParse(blob.Content.Span, out var note)
        && Checkpoint.TryParse(note.Text, out var checkpoint)
            ? checkpoint
            : throw new InvalidDataException($"{Checkpoint.NameOf(size)} of the audit ledger is missing or damaged.");

    private async ValueTask<byte[]> LastTileAsync(TilePath path, long size, List<(long From, SegmentList List)> lists, CancellationToken ct)
    {
        var start = size - path.Width;
        var hashes = new byte[path.Width * Sha256Hash.Size];
        foreach (var (from, list) in lists.Where(l => l.From + l.List.Count > start))
        {
            var at = from;
            foreach (var segment in list.Segments)
            {
                var leaves = at + segment.Count > start ? await planner.LeavesOfAsync(segment, ct) : [];
                for (var i = 0; i < leaves.Count; i++)
                {
                    if (at + i >= start)
                    {
                        leaves[i].CopyTo(hashes.AsSpan((int)(at + i - start) * Sha256Hash.Size));
                    }
                }

                at += segment.Count;
            }
        }

        return hashes;
    }

    private async ValueTask IndexAsync(SegmentList list, long first, CancellationToken ct)
    {
        foreach (var segment in list.Segments)
        {
            await index.AddAsync(new(segment, first), ct);
            first += segment.Count;
        }
    }
}
