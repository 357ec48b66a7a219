using System.Buffers.Binary;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>
/// Keeps the table small: what instances wrote on a day gone by becomes one sum per key, and a day goes after 400. Once a day it walks the
/// whole table; on other runs it reads one row. Any number may run at once and die anywhere: a fold happens in one transaction that deletes
/// the rows it took, in the version that it read, or it does not happen.
/// </summary>
internal sealed class UsageSweep(IRowStore rows, TimeProvider time)
{
    /// <summary>A year, and a month to compare it with the one before.</summary>
    public const int DaysKept = 400;

    // Sorts after all tenants.
    private const string OwnPartition = "~";
    private const string Mark = "swept";

    // Sums of a day that are told apart, within what a batch may hold.
    private const int MostSums = 3_000;
    private const int MostSumBytes = 1_800_000;
    private const int MostOwnerRows = 30;

    private readonly UsageRows _usage = new(rows);

    public async ValueTask RunAsync(CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var mark = await rows.GetAsync(UsageRows.Table, OwnPartition, Mark, ct);
        var key = System.Text.Encoding.ASCII.GetBytes(UsageRowKey.From(today));
        if (mark?.Value.Span.SequenceEqual(key) is true)
        {
            return;
        }

        await WalkAsync(today.AddDays(-DaysKept), ct);
        var change = mark is null ? RowChange.Insert(OwnPartition, Mark, key) : RowChange.Replace(OwnPartition, Mark, key, mark.ETag);
        await rows.WriteAsync(UsageRows.Table, change, ct);
    }

    private async ValueTask WalkAsync(DateOnly oldest, CancellationToken ct)
    {
        (string Partition, DateOnly Day) last = default;
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(UsageRows.Table, default, RowLimits.MaxPage, continuation, ct);
            foreach (var row in page.Rows)
            {
                var isNew = last.Partition != row.Partition;
                if (UsageRowKey.DayOf(row.Key) is not { } day)
                {
                    // The count of folds comes last in its partition, and goes when nothing else is left there.
                    await DeleteAsync(row, when: isNew && row.Key == UsageRowKey.Folds, ct);
                }
                else if (day < oldest)
                {
                    await DeleteAsync(row, when: true, ct);
                }
                else
                {
                    if ((isNew || last.Day != day) && !UsageRowKey.IsSum(row.Key) && time.GetUtcNow() >= UsageRows.FoldsFrom(day))
                    {
                        await FoldAsync(row.Partition, day, ct);
                    }

                    last = (row.Partition, day);
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private async ValueTask DeleteAsync(Row row, bool when, CancellationToken ct)
    {
        if (when)
        {
            await rows.WriteAsync(UsageRows.Table, RowChange.Delete(row.Partition, row.Key, row.ETag), ct);
        }
    }

    private async ValueTask FoldAsync(string partition, DateOnly day, CancellationToken ct)
    {
        bool isDone;
        do
        {
            var found = new List<Row>();
            await foreach (var row in _usage.ListAsync(partition, day, day, ct))
            {
                found.Add(row);
            }

            // A row that cannot be read stays as it is; whoever asks for the sums hears of it.
            var sums = found.Where(r => UsageRowKey.IsSum(r.Key)).ToArray();
            var owned = found.Where(r => !UsageRowKey.IsSum(r.Key) && UsageCodec.TryRead(r) is not null).Take(MostOwnerRows).ToArray();
            if (owned.Length == 0 || sums.Any(r => UsageCodec.TryRead(r) is null))
            {
                return;
            }

            // Refused: another sweep was first, and it goes on from there.
            isDone = (await rows.WriteAsync(UsageRows.Table, Fold(partition, day, sums, owned, await _usage.FoldsAsync(partition, ct)), ct)).IsDone;
        }
        while (isDone);
    }

    private static List<RowChange> Fold(string partition, DateOnly day, Row[] sums, Row[] owned, (long Count, ETag? ETag) folds)
    {
        var count = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, folds.Count + 1);
        var changes = new List<RowChange>
        {
            folds.ETag is { } etag ? RowChange.Replace(partition, UsageRowKey.Folds, count, etag) : RowChange.Insert(partition, UsageRowKey.Folds, count),
        };
        var values = Merge([.. sums, .. owned]);
        for (var i = 0; i < Math.Max(values.Count, sums.Length); i++)
        {
            var key = UsageRowKey.OfSum(day, i);
            changes.Add(i >= sums.Length ? RowChange.Insert(partition, key, values[i])
                : i >= values.Count ? RowChange.Delete(partition, key, sums[i].ETag)
                : RowChange.Replace(partition, key, values[i], sums[i].ETag));
        }

        changes.AddRange(owned.Select(r => RowChange.Delete(partition, r.Key, r.ETag)));
        return changes;
    }

    /// <summary>The values of the rows that hold the sums of all of these; what there is no room to tell apart is in (other).</summary>
    private static List<byte[]> Merge(IEnumerable<Row> parts)
    {
        var merged = new Dictionary<UsageKey, UsageSums>();
        foreach (var (key, sum) in parts.SelectMany(UsageCodec.Read))
        {
            var told = merged.ContainsKey(key) || merged.Count < MostSums ? key : key.ToRest();
            merged[told] = merged.GetValueOrDefault(told) + sum;
        }

        while (true)
        {
            var values = merged.Chunk(UsageDay.SumsPerRow).Select(UsageCodec.Write).ToList();
            if (values.Sum(v => v.Length) <= MostSumBytes)
            {
                return values;
            }

            // Names at their longest, in every one of thousands: half of them must do.
            foreach (var (key, sum) in merged.OrderBy(m => m.Value.Calls).Take(merged.Count / 2).ToArray())
            {
                merged.Remove(key);
                merged[key.ToRest()] = merged.GetValueOrDefault(key.ToRest()) + sum;
            }
        }
    }
}
