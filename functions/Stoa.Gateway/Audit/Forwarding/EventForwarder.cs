using System.Text.Json;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>
/// Sends records of one instance, in their order, as one batch of events: as many of the first ones as fit. Returns how many, once the receiver
/// has confirmed that it keeps them; a receiver that does not confirm is a <see cref="StorageUnavailableException"/>, and may have them.
/// </summary>
/// <param name="records">Lines without their ends, at least one.</param>
internal delegate ValueTask<int> SendRecords(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct);

/// <summary>
/// Streams records after they are durable. Reads them from the ledger, so an outage of the receiver is a backlog and no loss; keeps, per
/// instance, how far it has come in a blob of its own. At least once, in order per instance; whoever receives tells repetitions by (inst, seq).
/// </summary>
internal sealed class EventForwarder(IAppendStore ledger, IBlobStore blobs, SendRecords send, TimeProvider time)
{
    private const string Folder = "forward/";

    // Read at once; what of it fits into a batch, the sender knows.
    private const int MostRecords = 1000;
    private const int MostBytes = 1024 * 1024;

    private readonly LedgerScan _scan = new(ledger);
    private readonly ChainReader _chains = new(ledger);

    /// <summary>Sends all of one instance that has not been sent, and returns how many that were.</summary>
    /// <param name="since">When the instance began, for its first time.</param>
    /// <exception cref="StorageUnavailableException">Storage or the receiver cannot be had; the next run goes on.</exception>
    public async ValueTask<long> RunAsync(InstanceId instance, DateTimeOffset since, CancellationToken ct)
    {
        var (place, version) = await ReadAsync(instance, ct);
        var found = place is { Closed: true } ? [] : await _scan.ListAsync(instance, place?.BlobName.Slot ?? since, time.GetUtcNow() + LedgerBlobName.SlotLength, ct);
        return (await RunAsync(instance, place, version, found, ct)).Sent;
    }

    /// <summary>Sends what is left of instances that have written nothing for a while: they are gone, or have nobody to call them.</summary>
    /// <param name="quiet">How long the last write must be back.</param>
    public async ValueTask<long> DrainAsync(TimeSpan quiet, CancellationToken ct)
    {
        var (floor, version) = await FloorAsync(ct);
        var now = time.GetUtcNow();
        var (sent, oldest) = (0L, now - TimeSpan.FromDays(2));
        foreach (var instance in (await _scan.ListAsync(floor, now + SealPlanner.Lateness, ct)).GroupBy(b => b.Name.Instance))
        {
            var (place, held) = await ReadAsync(instance.Key, ct);
            if (instance.Max(b => b.Written) > now - quiet)
            {
                oldest = Min(oldest, place?.BlobName.Slot ?? instance.First().Name.Slot);
                continue;
            }

            var (count, isAll) = await RunAsync(instance.Key, place, held, instance, ct);
            sent += count;
            oldest = isAll ? oldest : Min(oldest, place?.BlobName.Slot ?? instance.First().Name.Slot);
        }

        await WriteFloorAsync(oldest, version, ct);
        return sent;
    }

    /// <summary>How far an instance's records are sent; null before the first.</summary>
    public async ValueTask<ChainPlace?> PlaceOfAsync(InstanceId instance, CancellationToken ct) => (await ReadAsync(instance, ct)).Place;

    private async ValueTask<(long Sent, bool IsAll)> RunAsync(InstanceId instance, ChainPlace? place, ETag? version, IEnumerable<LedgerBlob> found, CancellationToken ct)
    {
        var all = found as IReadOnlyList<LedgerBlob> ?? [.. found];
        for (var sent = 0L; ; )
        {
            var (lines, bytes) = (new List<ChainLine>(), 0);
            await _chains.ReadAsync(
                instance,
                place,
                all,
                line =>
                {
                    var fits = lines.Count == 0 || (lines.Count < MostRecords && bytes + line.Line.Length <= MostBytes);
                    if (fits)
                    {
                        lines.Add(line);
                        bytes += line.Line.Length;
                    }

                    return fits;
                },
                ct);
            if (lines.Count == 0)
            {
                return (sent, true);
            }

            var taken = await send(instance, [.. lines.Select(l => l.Line)], ct);
            place = lines[taken - 1].Place;
            sent += taken;
            if (await WriteAsync(instance, place, version, ct) is not { } next)
            {
                // Another has sent these or later ones meanwhile, and goes on.
                return (sent, false);
            }

            version = next;
        }
    }

    private async ValueTask<(ChainPlace? Place, ETag? Version)> ReadAsync(InstanceId instance, CancellationToken ct)
    {
        if (await blobs.GetAsync(HeadBlob.Container, Folder + instance, ct) is not { } blob)
        {
            return (null, null);
        }

        try
        {
            return (JsonSerializer.Deserialize(blob.Content.Span, SealJson.Default.ChainPlace), blob.ETag);
        }
        catch (JsonException)
        {
            // Then everything of this instance is sent once more.
            return (null, blob.ETag);
        }
    }

    private async ValueTask<ETag?> WriteAsync(InstanceId instance, ChainPlace place, ETag? version, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(place, SealJson.Default.ChainPlace);
        var name = Folder + instance;
        var result = version is { } expected ? await blobs.ReplaceAsync(HeadBlob.Container, name, bytes, expected, ct) : await blobs.InsertAsync(HeadBlob.Container, name, bytes, ct);
        return result.IsDone ? result.ETag : null;
    }

    private async ValueTask<(DateTimeOffset Floor, ETag? Version)> FloorAsync(CancellationToken ct) =>
        await blobs.GetAsync(HeadBlob.Container, "forward-floor", ct) is { } blob && RecordTime.TryParse(blob.Content.Span, out var floor)
            ? (floor, blob.ETag)
            : (DateTimeOffset.MinValue, null);

    // A loser of this race has the same to say, within an hour.
    private async ValueTask WriteFloorAsync(DateTimeOffset floor, ETag? version, CancellationToken ct)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(RecordTime.Format(floor));
        _ = version is { } expected ? await blobs.ReplaceAsync(HeadBlob.Container, "forward-floor", bytes, expected, ct) : await blobs.InsertAsync(HeadBlob.Container, "forward-floor", bytes, ct);
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
