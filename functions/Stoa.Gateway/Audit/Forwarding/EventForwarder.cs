using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>What a run came to.</summary>
/// <param name="IsAll">Nothing is left of what was there when it began.</param>
/// <param name="Fault">Why something is left; null also when another forwarder is at it.</param>
internal readonly record struct Forwarded(long Sent, bool IsAll, SendFault? Fault);

/// <summary>
/// Streams records after they are durable. Reads them from the ledger, so an outage of the receiver is a backlog and no loss; keeps, per
/// instance, how far it has come in a blob of its own. At least once, in order per instance; whoever receives tells repetitions by (inst, seq).
/// </summary>
internal sealed class EventForwarder(IAppendStore ledger, IBlobStore blobs, AuditStream stream, TimeProvider time)
{
    // Read at once; what of it fits into a batch, the sender knows.
    private const int MostRecords = 1000;
    private const int MostBytes = 1024 * 1024;

    private readonly LedgerScan _scan = new(ledger);
    private readonly ChainReader _chains = new(ledger);
    private readonly StreamPlaces _places = new(blobs, stream.Name);

    public string Name => stream.Name;

    /// <summary>Sends all of one instance that has not been sent.</summary>
    /// <param name="since">When the instance began, for its first time.</param>
    /// <exception cref="StorageUnavailableException">Storage cannot be had; the next run goes on.</exception>
    public async ValueTask<Forwarded> RunAsync(InstanceId instance, DateTimeOffset since, CancellationToken ct)
    {
        var held = await _places.ReadAsync(instance, ct);
        var found = held.Place is { Closed: true } ? [] : await _scan.ListAsync(instance, held.Place?.BlobName.Slot ?? since, time.GetUtcNow() + LedgerBlobName.SlotLength, ct);
        return await RunAsync(instance, held, found, ct);
    }

    /// <summary>
    /// Sends what is left of instances that have written nothing for a while: they are gone, or have nobody to call them. A record that the
    /// receiver does not take holds up its own instance alone.
    /// </summary>
    /// <param name="quiet">How long the last write must be back.</param>
    public async ValueTask<Forwarded> DrainAsync(TimeSpan quiet, CancellationToken ct)
    {
        var (floor, version) = await _places.FloorAsync(ct);
        var now = time.GetUtcNow();
        var (sent, oldest, fault) = (0L, now - TimeSpan.FromDays(2), (SendFault?)null);
        foreach (var instance in (await _scan.ListAsync(floor, now + SealPlanner.Lateness, ct)).GroupBy(b => b.Name.Instance))
        {
            var held = await _places.ReadAsync(instance.Key, ct);
            var result = instance.Max(b => b.Written) > now - quiet ? default : await RunAsync(instance.Key, held, [.. instance], ct);
            sent += result.Sent;
            fault = result.Fault ?? fault;
            if (fault is { Kind: not SendFaultKind.BatchRefused })
            {
                return new(sent, false, fault);
            }

            oldest = result.IsAll ? oldest : Min(oldest, held.Place?.BlobName.Slot ?? instance.First().Name.Slot);
        }

        await _places.WriteFloorAsync(oldest, version, ct);
        return new(sent, fault is null, fault);
    }

    /// <summary>How far an instance's records are sent, and what keeps the next ones back.</summary>
    public async ValueTask<StreamCursor> CursorOfAsync(InstanceId instance, CancellationToken ct) => (await _places.ReadAsync(instance, ct)).Cursor;

    /// <summary>All blobs that were begun before are sent.</summary>
    public async ValueTask<DateTimeOffset> FloorAsync(CancellationToken ct) => (await _places.FloorAsync(ct)).Floor;

    private async ValueTask<Forwarded> RunAsync(InstanceId instance, HeldCursor held, IReadOnlyList<LedgerBlob> blobs, CancellationToken ct)
    {
        for (var (sent, most) = (0L, MostRecords); ;)
        {
            var lines = await LinesAsync(instance, held.Place, blobs, most, ct);
            if (lines.Count == 0)
            {
                return new(sent, true, null);
            }

            var result = await stream.Send(instance, [.. lines.Select(l => l.Line)], ct);
            if (result is { Fault.Kind: SendFaultKind.BatchRefused, Count: > 1 })
            {
                // Never the same again, but less and less of it: all that can pass does, and in the end the record that cannot is known.
                most = result.Count / 2;
                continue;
            }

            if (result.Fault is { } fault)
            {
                var told = fault.Kind is SendFaultKind.BatchRefused ? fault with { Reason = $"{fault.Reason} to the record {instance}-{lines[0].Sequence}" } : fault;
                await NoteAsync(instance, held, told, ct);
                return new(sent, false, told);
            }

            sent += result.Count;
            most = Math.Min(2 * most, MostRecords);
            if (await _places.WriteAsync(instance, new(lines[result.Count - 1].Place, Fault: null), held.Version, ct) is not { } next)
            {
                // Another has sent these or later ones meanwhile, and goes on.
                return new(sent, false, null);
            }

            held = next;
        }
    }

    private async ValueTask<IReadOnlyList<ChainLine>> LinesAsync(InstanceId instance, ChainPlace? place, IReadOnlyList<LedgerBlob> blobs, int most, CancellationToken ct)
    {
        var (lines, bytes) = (new List<ChainLine>(), 0);
        await _chains.ReadAsync(
            instance,
            place,
            blobs,
            line =>
            {
                var fits = lines.Count == 0 || (lines.Count < most && bytes + line.Line.Length <= MostBytes);
                if (fits)
                {
                    lines.Add(line);
                    bytes += line.Line.Length;
                }

                return fits;
            },
            ct);
        return lines;
    }

    // For whoever asks how the stream is; written when it begins or changes, not at each attempt.
    private async ValueTask NoteAsync(InstanceId instance, HeldCursor held, SendFault fault, CancellationToken ct)
    {
        if (held.Cursor.Fault is not { } known || known.Reason != fault.Reason)
        {
            await _places.WriteAsync(instance, held.Cursor with { Fault = new(fault.Reason, fault.IsRefusal, time.GetUtcNow()) }, held.Version, ct);
        }
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
