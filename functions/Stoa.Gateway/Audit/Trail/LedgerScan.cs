using System.Globalization;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>A ledger blob as a listing shows it.</summary>
internal readonly record struct LedgerBlob(LedgerBlobName Name, long Length, DateTimeOffset Written);

/// <summary>Lists ledger blobs of a time by their names: by hours, by days, or all, whatever takes the fewest requests.</summary>
internal sealed class LedgerScan(IAppendStore store)
{
    private const int Page = 5000;

    private static readonly TimeSpan Hours = TimeSpan.FromDays(2);
    private static readonly TimeSpan Days = TimeSpan.FromDays(100);

    /// <summary>Blobs begun in the slots from one time to another, both included, in order of slot, instance and part.</summary>
    public async ValueTask<IReadOnlyList<LedgerBlob>> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var first = from > DateTimeOffset.MinValue + LedgerBlobName.SlotLength ? LedgerBlobName.At(from, default).Slot : DateTimeOffset.MinValue;
        var blobs = new List<LedgerBlob>();
        foreach (var prefix in PrefixesOf(first, to))
        {
            await ListAsync(prefix, first, to, blobs, ct);
        }

        return [.. blobs.OrderBy(b => b.Name.Slot).ThenBy(b => b.Name.Instance.Value).ThenBy(b => b.Name.Part)];
    }

    /// <summary>The blobs of one instance: a request per ten minutes.</summary>
    public async ValueTask<IReadOnlyList<LedgerBlob>> ListAsync(InstanceId instance, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var blobs = new List<LedgerBlob>();
        for (var slot = LedgerBlobName.At(from, instance).Slot; slot <= to; slot += LedgerBlobName.SlotLength)
        {
            var name = new LedgerBlobName(slot, instance, 0).ToString();
            await ListAsync(name[..(name.LastIndexOf('-') + 1)], slot, slot, blobs, ct);
        }

        return [.. blobs.OrderBy(b => b.Name.Slot).ThenBy(b => b.Name.Part)];
    }

    private async ValueTask ListAsync(string prefix, DateTimeOffset from, DateTimeOffset to, List<LedgerBlob> blobs, CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await store.ListAsync(LedgerWriter.Container, prefix, Page, next, ct);
            foreach (var entry in page.Entries)
            {
                if (LedgerBlobName.TryParse(entry.Name, out var name) && name.Slot >= from && name.Slot <= to)
                {
                    blobs.Add(new(name, entry.Length, entry.LastModified));
                }
            }

            next = page.Continuation;
        }
        while (next is not null);
    }

    private static IEnumerable<string> PrefixesOf(DateTimeOffset from, DateTimeOffset to)
    {
        if (to - from > Days)
        {
            yield return LedgerBlobName.Folder;
            yield break;
        }

        var (step, pattern) = to - from > Hours ? (TimeSpan.TicksPerDay, "'ledger/'yyyy'/'MM'/'dd'/'") : (TimeSpan.TicksPerHour, "'ledger/'yyyy'/'MM'/'dd'/'HH'/'");
        for (var ticks = from.UtcTicks - (from.UtcTicks % step); ticks <= to.UtcTicks; ticks += step)
        {
            yield return new DateTime(ticks, DateTimeKind.Utc).ToString(pattern, CultureInfo.InvariantCulture);
        }
    }
}
