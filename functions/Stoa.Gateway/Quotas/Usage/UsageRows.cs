using System.Buffers.Binary;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>
/// Usage in table <c>StoaUsage</c>, in the partition of the tenant's books. Instances add rows of their own; the sweep folds those of days
/// gone by, in one transaction each time that also moves <see cref="UsageRowKey.Folds"/>: who reads while it does reads again.
/// </summary>
internal sealed class UsageRows(IRowStore rows)
{
    public const string Table = "StoaUsage";

    // Folds are once a day and tenant.
    private const int MostReadings = 5;

    // Refused writes mean that an earlier one got through, so the second try succeeds.
    private const int MostAttempts = 4;

    /// <summary>An owner writes rows of a day until this moment, and the sweep folds them an hour later: clocks are not that far apart.</summary>
    public static DateTimeOffset OwnersWriteUntil(DateOnly day) => EndOf(day).AddHours(23);

    /// <summary>From here on the rows of a day may be folded.</summary>
    public static DateTimeOffset FoldsFrom(DateOnly day) => EndOf(day).AddHours(24);

    /// <summary>Writes the rows that changed, all in one batch as a rule. Throws when it cannot; what was not written stays to be written.</summary>
    public async ValueTask WriteAsync(UsageDay day, CancellationToken ct)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var dirty = day.TakeDirty();
            if (dirty.Count == 0)
            {
                return;
            }

            var written = 0;
            try
            {
                while (written < dirty.Count)
                {
                    written += await WriteAsync(day, dirty[written..], ct);
                }
            }
            finally
            {
                dirty[written..].ForEach(d => day.PutBack(d.Chunk));
            }
        }

        throw new StorageUnavailableException($"The usage rows of '{day.Partition}' kept changing while they were written.");
    }

    /// <summary>The sums over these days, both included, of what is written.</summary>
    public async ValueTask<IReadOnlyDictionary<TGroup, UsageSums>> SumAsync<TGroup>(
        string partition, DateOnly from, DateOnly to, Func<DateOnly, UsageKey, TGroup?> groupBy, CancellationToken ct)
        where TGroup : class
    {
        for (var reading = 1; ; reading++)
        {
            var folds = await FoldsAsync(partition, ct);
            var sums = new Dictionary<TGroup, UsageSums>();
            await foreach (var row in ListAsync(partition, from, to, ct))
            {
                foreach (var (key, sum) in UsageCodec.Read(row))
                {
                    if (groupBy(UsageRowKey.DayOf(row.Key)!.Value, key) is { } group)
                    {
                        sums[group] = sums.GetValueOrDefault(group) + sum;
                    }
                }
            }

            if ((await FoldsAsync(partition, ct)).Count == folds.Count)
            {
                return sums;
            }

            if (reading == MostReadings)
            {
                throw new StorageUnavailableException($"The usage rows of '{partition}' kept changing while they were read.");
            }
        }
    }

    /// <summary>The rows of these days, both included.</summary>
    public async IAsyncEnumerable<Row> ListAsync(string partition, DateOnly from, DateOnly to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var range = new RowRange(partition, UsageRowKey.From(from), UsageRowKey.From(to.AddDays(1)));
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(Table, range, RowLimits.MaxPage, continuation, ct);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>How often the tenant's rows were folded, and the version of the row that says so.</summary>
    public async ValueTask<(long Count, ETag? ETag)> FoldsAsync(string partition, CancellationToken ct) =>
        await rows.GetAsync(Table, partition, UsageRowKey.Folds, ct) is { } row
            ? (row.Value.Length == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(row.Value.Span) : 0, row.ETag)
            : (0, null);

    private static DateTimeOffset EndOf(DateOnly day) => new(day.AddDays(1), default, TimeSpan.Zero);

    // As many as a batch takes; how many that was. Those whose rows turned out otherwise than known are put back.
    private async ValueTask<int> WriteAsync(UsageDay day, List<(UsageChunk Chunk, KeyValuePair<UsageKey, UsageSums>[] Sums)> dirty, CancellationToken ct)
    {
        var batch = new List<(UsageChunk Chunk, RowChange Change)>();
        var (taken, bytes) = (0, 0);
        while (taken < dirty.Count && batch.Count < RowLimits.MaxBatch)
        {
            var value = UsageCodec.Write(dirty[taken].Sums);
            bytes += value.Length;
            if (bytes > RowLimits.MaxBatchBytes)
            {
                break;
            }

            if (await ChangeAsync(day, dirty[taken].Chunk, value, ct) is { } change)
            {
                batch.Add((dirty[taken].Chunk, change));
            }

            taken++;
        }

        if (batch.Count > 0)
        {
            batch.ForEach(b => b.Chunk.IsInDoubt = true);
            var result = await rows.WriteAsync(Table, [.. batch.Select(b => b.Change)], ct);
            for (var i = 0; i < batch.Count; i++)
            {
                var chunk = batch[i].Chunk;
                if (result.IsDone)
                {
                    (chunk.ETag, chunk.IsInDoubt) = (result.ETags[i], false);
                }
                else
                {
                    day.PutBack(chunk);
                }
            }
        }

        return taken;
    }

    /// <summary>Null for a row that was written once and is gone: it has been folded, and what it held is counted there.</summary>
    private async ValueTask<RowChange?> ChangeAsync(UsageDay day, UsageChunk chunk, byte[] value, CancellationToken ct)
    {
        if (chunk.IsInDoubt)
        {
            var row = await rows.GetAsync(Table, day.Partition, chunk.RowKey, ct);
            if (row is null && chunk.ETag is not null)
            {
                return null;
            }

            chunk.ETag = row?.ETag;
        }

        return chunk.ETag is { } etag ? RowChange.Replace(day.Partition, chunk.RowKey, value, etag) : RowChange.Insert(day.Partition, chunk.RowKey, value);
    }
}
