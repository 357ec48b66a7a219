using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>How the ledger stands, as its files say.</summary>
/// <param name="Size">Records under the last checkpoint.</param>
/// <param name="Unsealed">What is written and in no checkpoint, of the last two days.</param>
/// <param name="Open">Instances without a close: running, or killed. At most a hundred, longest silent first.</param>
/// <param name="Streams">What each stream has not sent; empty when records are not streamed.</param>
internal sealed record Standing(
    string Log, long Size, DateTimeOffset? SealedAt, string? SealingBy, Backlog Unsealed, IReadOnlyList<OpenInstance> Open, IReadOnlyList<StreamStanding> Streams);

internal sealed record Backlog(int Instances, long Bytes);

/// <summary>How a stream stands.</summary>
/// <param name="Backlog">Of the newest 500 instances.</param>
/// <param name="Fault">What keeps records back: a refusal before what passes by itself, and the one that began first; null when nothing does.</param>
internal sealed record StreamStanding(string Name, Backlog Backlog, StreamFault? Fault);

/// <summary>An instance that has written and not closed.</summary>
/// <param name="Records">Those that are sealed.</param>
internal sealed record OpenInstance(string Instance, long Records, string LastBlob, DateTimeOffset? LastWrite);

/// <summary>Looks at the ledger's listing; reads no record.</summary>
internal sealed class LedgerStanding(IAppendStore store, HeadBlob heads, IReadOnlyList<EventForwarder> streams, string origin, TimeProvider time)
{
    private const int MostShown = 100;
    private const int MostAsked = 500;

    private static readonly TimeSpan Recent = TimeSpan.FromDays(2);

    private readonly LedgerScan _scan = new(store);

    public async ValueTask<Standing> ReadAsync(CancellationToken ct)
    {
        var head = (await heads.ReadAsync(ct))?.Head ?? SealHead.Empty(origin);
        var now = time.GetUtcNow();
        var blobs = (await _scan.ListAsync(head.Size > 0 ? head.Floor : now - Recent, now + SealPlanner.Lateness, ct)).GroupBy(b => b.Name.Instance).ToList();

        var open = head.Instances.Where(i => !i.Value.Closed)
            .Select(i => new OpenInstance(i.Key, i.Value.Next, i.Value.Blob, blobs.Find(b => b.Key.ToString() == i.Key)?.Max(b => b.Written)))
            .OrderBy(i => i.LastWrite ?? DateTimeOffset.MinValue).Take(MostShown);
        return new(
            head.Origin, head.Size, head.SealedAt, head.Plan?.Holder,
            Sum(blobs.Select(b => Behind(b, head.Instances.GetValueOrDefault(b.Key.ToString())))),
            [.. open],
            await StreamsAsync(now, ct));
    }

    // A stream may be behind by more than what is looked at for sealing.
    private async ValueTask<IReadOnlyList<StreamStanding>> StreamsAsync(DateTimeOffset now, CancellationToken ct)
    {
        var standings = new List<StreamStanding>();
        foreach (var stream in streams)
        {
            var floor = await stream.FloorAsync(ct);
            var blobs = (await _scan.ListAsync(floor, now + SealPlanner.Lateness, ct)).GroupBy(b => b.Name.Instance);
            var (behind, faults) = (new List<long>(), new List<StreamFault>());
            foreach (var instance in blobs.TakeLast(MostAsked))
            {
                var cursor = await stream.CursorOfAsync(instance.Key, ct);
                behind.Add(Behind(instance, cursor.Place));
                if (cursor.Fault is { } fault)
                {
                    faults.Add(fault);
                }
            }

            standings.Add(new(stream.Name, Sum(behind), faults.OrderByDescending(f => f.IsRefusal).ThenBy(f => f.Since).FirstOrDefault()));
        }

        return standings;
    }

    private static Backlog Sum(IEnumerable<long> bytes)
    {
        var behind = bytes.Where(b => b > 0).ToList();
        return new(behind.Count, behind.Sum());
    }

    private static long Behind(IEnumerable<LedgerBlob> blobs, ChainPlace? place)
    {
        if (place is null)
        {
            return blobs.Sum(b => b.Length);
        }

        var at = place.BlobName;
        return blobs.Sum(b => b.Name == at ? b.Length - place.To : b.Name.Slot > at.Slot || (b.Name.Slot == at.Slot && b.Name.Part > at.Part) ? b.Length : 0);
    }
}
