using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>
/// Who used what, for reports: every call is noted here when it is settled, without storage and without allocating, and written behind the
/// calls' backs. Limits are not judged by it; the books of quotas are exact whatever becomes of an instance, this loses its last second.
/// </summary>
internal sealed class UsageBook : IDisposable
{
    /// <summary>
    /// What a killed instance can lose of the breakdown, against one write per second, tenant and instance, however many calls there are:
    /// at twenty calls a second it is the twentieth of an operation per call, and every doubling of it doubles the loss.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Sums in memory, some 300 bytes each.
    private const int MostSums = 50_000;
    private const int Writers = 8;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Partition, DateOnly Day), UsageDay> _days = new();
    private readonly SemaphoreSlim _flushing = new(1);
    private readonly UsageRows _rows;
    private readonly QuotaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<UsageBook> _log;
    private readonly ITimer _timer;
    private int _sums;
    private int _isSet;
    private volatile bool _isOver;

    public UsageBook(UsageRows rows, QuotaMetrics metrics, TimeProvider time, ILogger<UsageBook> log)
    {
        (_rows, _metrics, _time, _log) = (rows, metrics, time, log);

        // Made here, so that no call's trace shows what is done for all.
        _timer = time.CreateTimer(static book => _ = ((UsageBook)book!).TickAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts a call that did work, whatever became of it. One that was refused did none.</summary>
    public void Note(Call call)
    {
        if (call.Target is not { } target || call.Operation is not (Operation.CallTool or Operation.CallModel) || (call.Refusal is not null && call.Spent is null))
        {
            return;
        }

        var use = call.Use;
        var usage = call.Spent?.Usage ?? (use is null ? new(TextTokens.OfArguments(call), TextTokens.OfAnswer(call)) : default);
        var key = new UsageKey(call.Caller.Name, use is null ? UsageKind.Tool : UsageKind.Model, target.Name, use?.Provider ?? "");
        Add(QuotaScopes.Of(call.Caller.Revision!).Partition, key, new(
            Calls: 1,
            Errors: call.Answer is { IsError: true } ? 1 : 0,
            usage.Input,
            usage.Output,
            usage.CacheRead,
            usage.Reasoning,
            call.Spent?.MicroUsd ?? 0,
            Unpriced: call.Spent is { MicroUsd: null, Usage.Total: > 0 } ? 1 : 0,
            (long)_time.GetElapsedTime(call.StartedAt).TotalMicroseconds));
    }

    /// <summary>Adds to the sums of today.</summary>
    public void Add(string partition, in UsageKey key, in UsageSums sums)
    {
        var day = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        bool hasGrown;
        while (!DayOf(partition, day).TryAdd(key, sums, _time.GetTimestamp(), _sums < MostSums, out hasGrown))
        {
            // It was idle and is being put away; the next one is new.
        }

        if (hasGrown)
        {
            Interlocked.Increment(ref _sums);
        }

        Wake();
    }

    /// <summary>
    /// The sums of all instances over these days, both included, by what <paramref name="groupBy"/> makes of day and key; what it makes null
    /// of is left out. Those of this instance are complete, those of others up to <see cref="Interval"/> ago.
    /// </summary>
    public async ValueTask<IReadOnlyDictionary<TGroup, UsageSums>> SumAsync<TGroup>(
        string partition, DateOnly from, DateOnly to, Func<DateOnly, UsageKey, TGroup?> groupBy, CancellationToken ct)
        where TGroup : class
    {
        await FlushAsync(partition, ct);
        return await _rows.SumAsync(partition, from, to, groupBy, ct);
    }

    /// <summary>Once no call is under way any more: writes what is left, as long as the host has patience.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        _isOver = true;
        await TickAsync().WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _isOver = true;
        _timer.Dispose();
    }

    private UsageDay DayOf(string partition, DateOnly day) =>
        _days.TryGetValue((partition, day), out var known) ? known : _days.GetOrAdd((partition, day), static key => new(key.Partition, key.Day));

    private void Wake()
    {
        if (Volatile.Read(ref _isSet) == 0 && !_isOver && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task TickAsync()
    {
        Volatile.Write(ref _isSet, 0);
        try
        {
            await FlushAsync(null, CancellationToken.None);
        }
        catch (StorageUnavailableException e)
        {
            UsageLog.Unwritten(_log, e);
            Wake();
        }
    }

    /// <summary>Writes what changed, of one tenant or of all; throws when something could not be written, which then stays to be written.</summary>
    private async Task FlushAsync(string? partition, CancellationToken ct)
    {
        await _flushing.WaitAsync(ct);
        try
        {
            var days = _days.Values.Where(d => partition is null || d.Partition == partition);
            await Parallel.ForEachAsync(days, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = ct }, FlushDayAsync);
        }
        finally
        {
            _flushing.Release();
        }
    }

    private async ValueTask FlushDayAsync(UsageDay day, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        if (now > UsageRows.OwnersWriteUntil(day.Day))
        {
            var (sums, calls) = day.Abandon();
            Forget(day, sums);
            if (calls > 0)
            {
                _metrics.Lost(calls);
                UsageLog.Lost(_log, day.Partition, day.Day, calls);
            }

            return;
        }

        await _rows.WriteAsync(day, ct);
        var idleSince = _time.GetTimestamp() - (long)(Idle.TotalSeconds * _time.TimestampFrequency);
        if (day.TryClose(DateOnly.FromDateTime(now.UtcDateTime) == day.Day ? idleSince : long.MaxValue) is { } closed)
        {
            Forget(day, closed);
        }
    }

    private void Forget(UsageDay day, int sums)
    {
        _days.TryRemove(KeyValuePair.Create((day.Partition, day.Day), day));
        Interlocked.Add(ref _sums, -sums);
    }
}

internal static partial class UsageLog
{
    [LoggerMessage(5111, LogLevel.Warning, "Usage could not be written; it is tried again.")]
    public static partial void Unwritten(ILogger logger, Exception exception);

    [LoggerMessage(5112, LogLevel.Error, "Usage of {Partition} on {Day} could not be written in time: up to {Calls} calls are missing from its breakdown. Limits are not affected.")]
    public static partial void Lost(ILogger logger, string partition, DateOnly day, long calls);
}
