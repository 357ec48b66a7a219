using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>A sealed segment and the index of its first leaf.</summary>
internal sealed record SealedSegment(Segment Segment, long Index);

/// <summary>
/// Table <c>StoaAuditIndex</c>: where in the tree an instance's records are, a row per segment (partition: the instance; key: first sequence,
/// highest first). Proofs are found by it; nothing is true because it says so, and it is made again together with the head.
/// </summary>
internal sealed class SealIndex(IRowStore rows)
{
    public const string Table = "StoaAuditIndex";

    public async ValueTask AddAsync(SealedSegment place, CancellationToken ct)
    {
        var segment = place.Segment;
        var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{place.Index}},"segment":{{segment}}}"""));

        // There already when a sealing is repeated; it says the same.
        await rows.WriteAsync(Table, RowChange.Insert(LedgerBlobName.Parse(segment.Blob).Instance.ToString(), KeyOf(segment.FirstSequence), value), ct);
    }

    /// <summary>The segment with this record; null when it is not sealed.</summary>
    public async ValueTask<SealedSegment?> FindAsync(InstanceId instance, long sequence, CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await rows.ListAsync(Table, new RowRange(instance.ToString(), KeyOf(sequence)), 1, next, ct);
            if (page.Rows is [var row, ..])
            {
                return Read(row) is { } found && sequence < found.Segment.FirstSequence + found.Segment.Count ? found : null;
            }

            next = page.Continuation;
        }
        while (next is not null);
        return null;
    }

    private static string KeyOf(long sequence) => (long.MaxValue - sequence).ToString("x16", CultureInfo.InvariantCulture);

    private static SealedSegment? Read(Row row)
    {
        var json = JsonElement.Parse(row.Value.Span);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.GetProperty("segment").GetRawText()));
        reader.Read();
        return Segment.TryRead(ref reader, out var segment) ? new(segment, json.GetProperty("index").GetInt64()) : null;
    }
}
