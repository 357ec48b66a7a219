using System.Globalization;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>A record as it stands in the ledger, and whether a checkpoint covers it.</summary>
internal sealed record FoundRecord(byte[] Line, bool IsSealed);

/// <summary>Some of the records asked for, and where the search goes on; null when it has seen all.</summary>
/// <param name="Scanned">Bytes that were read for it.</param>
internal sealed record AuditPage(IReadOnlyList<FoundRecord> Records, string? Continue, long Scanned);

/// <summary>
/// Searches the ledger itself, so that what it finds is what is on record: reads the blobs of the time in question, whoever wrote them, a
/// bounded number of bytes per page. Order: ten minutes by ten minutes, within them instance by instance, each in its order.
/// </summary>
internal sealed class AuditSearch(IAppendStore store, HeadBlob heads, SealIndex index)
{
    /// <summary>Bytes read for one page.</summary>
    public const long MaxScan = 32 * 1024 * 1024;

    private readonly LedgerScan _scan = new(store);

    /// <summary>Null when the continuation is none of ours, or not of this time.</summary>
    public async ValueTask<AuditPage?> FindAsync(AuditFilter filter, int limit, string? continuation, CancellationToken ct)
    {
        var (start, offset) = (default(LedgerBlobName), 0L);
        if (continuation is not null
            && (!TryParse(continuation, out start, out offset) || start.Slot < LedgerBlobName.At(filter.From, default).Slot || start.Slot > filter.To))
        {
            return null;
        }

        var found = new List<(LedgerBlobName Blob, byte[] Line)>();
        var (scanned, next) = (0L, (string?)null);
        foreach (var blob in await _scan.ListAsync(continuation is null ? filter.From : start.Slot, filter.To, ct))
        {
            if (continuation is not null && Compare(blob.Name, start) < 0)
            {
                continue;
            }

            var name = blob.Name.ToString();
            var from = continuation is not null && blob.Name == start ? offset : 0;
            await LedgerLines.ReadAsync(
                store,
                name,
                from,
                (line, at) =>
                {
                    if (found.Count == limit || scanned >= MaxScan)
                    {
                        next = string.Create(CultureInfo.InvariantCulture, $"{at}.{name}");
                        return false;
                    }

                    scanned += line.Length + 1;
                    if (filter.Accepts(line.Span))
                    {
                        found.Add((blob.Name, line.ToArray()));
                    }

                    return true;
                },
                ct);
            if (next is not null)
            {
                break;
            }
        }

        return new(await MarkAsync(found, ct), next, scanned);
    }

    private async ValueTask<IReadOnlyList<FoundRecord>> MarkAsync(List<(LedgerBlobName Blob, byte[] Line)> found, CancellationToken ct)
    {
        var head = found.Count == 0 ? null : (await heads.ReadAsync(ct))?.Head;
        var marked = new List<FoundRecord>();
        SealedSegment? known = null;
        foreach (var (blob, line) in found)
        {
            var sequence = SequenceOf(line);
            if (head is not null && head.Instances.TryGetValue(blob.Instance.ToString(), out var place))
            {
                marked.Add(new(line, sequence < place.Next));
                continue;
            }

            if (head is not null && !IsIn(known, blob.Instance, sequence))
            {
                known = await index.FindAsync(blob.Instance, sequence, ct);
            }

            marked.Add(new(line, IsIn(known, blob.Instance, sequence)));
        }

        return marked;
    }

    private static bool IsIn(SealedSegment? known, InstanceId instance, long sequence) =>
        known?.Segment is { } segment && LedgerBlobName.Parse(segment.Blob).Instance == instance
        && sequence >= segment.FirstSequence && sequence < segment.FirstSequence + segment.Count;

    private static long SequenceOf(byte[] line) => LedgerRecord.TryParse(line, out var record, out _) ? record.Sequence : long.MaxValue;

    private static bool TryParse(string continuation, out LedgerBlobName blob, out long offset)
    {
        (blob, offset) = (default, 0);
        return continuation.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            && long.TryParse(continuation.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out offset)
            && LedgerBlobName.TryParse(continuation[(dot + 1)..], out blob);
    }

    private static int Compare(LedgerBlobName a, LedgerBlobName b) =>
        a.Slot != b.Slot ? a.Slot.CompareTo(b.Slot) : a.Instance != b.Instance ? a.Instance.Value.CompareTo(b.Instance.Value) : a.Part.CompareTo(b.Part);
}
