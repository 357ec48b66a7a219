using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tools.Status;

/// <summary>
/// What this instance sees of each tool, in memory at once and in storage a little later: at once when a tool begins to fail or to work
/// again, else every 15 s at most. Calls only leave a note here; storage is written behind their backs and its trouble is not theirs.
/// </summary>
internal sealed class StatusBoard : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // An endpoint that fails every other call must not make a write of each.
    private static readonly TimeSpan LeastBetweenTurns = TimeSpan.FromSeconds(1);

    private const int MostTools = 10_000;
    private const int MostAttempts = 4;
    private const int LongestMessage = 500;

    private readonly ConcurrentDictionary<(TenantId Tenant, string Uid), StatusEntry> _entries = new();
    private readonly StatusRows _rows;
    private readonly Breakers _breakers;
    private readonly BreakerHints _hints;
    private readonly TimeProvider _time;
    private readonly ILogger<StatusBoard> _log;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private int _isTimerSet;

    public StatusBoard(StatusRows rows, Breakers breakers, TimeProvider time, ILogger<StatusBoard> log)
    {
        (_rows, _breakers, _time, _log) = (rows, breakers, time, log);
        _hints = new(rows, breakers, time);
        _timer = time.CreateTimer(static board => _ = ((StatusBoard)board!).WriteDueAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A call of the tool has ended so.</summary>
    public void Note(Tool tool, Answer answer, TimeSpan duration)
    {
        var now = _time.GetUtcNow();
        var call = new LastCall(now, answer.IsError ? "error" : "ok", answer.UpstreamStatus == 0 ? null : answer.UpstreamStatus, Math.Round(duration.TotalMilliseconds, 1));
        var error = answer.IsError ? new LastError(now, JsonText.Shorten(System.Text.Encoding.UTF8.GetString(answer.Body.Span), LongestMessage)) : null;
        if (Note(tool, new(call, error, null, answer.IsReached is { } isReached ? new(isReached, now) : null)) is { } entry)
        {
            NoteBreaker(tool, entry, hasFailed: answer.IsError, now);
        }
    }

    /// <summary>Somebody has tried the tool's endpoint without calling the tool.</summary>
    public void NoteReachable(Tool tool, bool isReachable) => Note(tool, new(null, null, null, new(isReachable, _time.GetUtcNow())));

    /// <summary>What is known here; null when nothing is.</summary>
    public ToolStatus? Find(TenantId tenant, string uid) => _entries.TryGetValue((tenant, uid), out var entry) ? entry.Seen : null;

    public void Dispose()
    {
        _stopping.Cancel();
        _timer.Dispose();
    }

    private StatusEntry? Note(Tool tool, ToolStatus news)
    {
        if (tool.Revision.Find(ToolKind.Schema.Kind, tool.Name) is not { } resource)
        {
            return null;
        }

        var entry = _entries.TryGetValue((tool.Revision.Tenant, resource.Uid), out var known) ? known : Add(tool.Revision.Tenant, tool.Name, resource.Uid);
        var before = entry.Add(news);
        if (news.LastCall is { } call && before.LastCall?.Outcome != call.Outcome && IsDue(entry, LeastBetweenTurns))
        {
            WriteSoon(entry);
        }
        else
        {
            SetTimer();
        }

        return entry;
    }

    // A breaker that was never seen to open costs a call that succeeds nothing.
    private void NoteBreaker(Tool tool, StatusEntry entry, bool hasFailed, DateTimeOffset now)
    {
        var seen = entry.Seen.Breaker;
        if (!hasFailed && seen is null or { State: BreakerPhase.Closed })
        {
            return;
        }

        var state = _breakers.State(tool);
        if (state.Phase != (seen?.State ?? BreakerPhase.Closed))
        {
            entry.Add(new(null, null, new(state.Phase, state.OpenUntil, now), null));
            WriteSoon(entry);
        }
        else if (hasFailed && state.Phase is BreakerPhase.Closed)
        {
            _hints.Ask(tool, entry);
        }
    }

    private StatusEntry Add(TenantId tenant, string tool, string uid)
    {
        // Whichever goes is read again from storage by whoever asks.
        if (_entries.Count >= MostTools)
        {
            foreach (var (victim, _) in _entries.Take(MostTools / 10))
            {
                _entries.TryRemove(victim, out _);
            }
        }

        return _entries.GetOrAdd((tenant, uid), static (key, tool) => new(key.Tenant, tool, key.Uid), tool);
    }

    private bool IsDue(StatusEntry entry, TimeSpan after) => entry.WrittenAt is var at && (at == 0 || _time.GetElapsedTime(at) >= after);

    private void SetTimer()
    {
        if (Interlocked.Exchange(ref _isTimerSet, 1) == 0 && !_stopping.IsCancellationRequested)
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    // On a thread of its own and without the call's context: storage must not show up in the call's trace.
    private void WriteSoon(StatusEntry entry) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Board.WriteAsync(work.Entry), (Board: this, Entry: entry), preferLocal: false);

    private async Task WriteDueAsync()
    {
        Volatile.Write(ref _isTimerSet, 0);
        foreach (var (_, entry) in _entries)
        {
            if (entry.IsChanged && IsDue(entry, Interval))
            {
                await WriteAsync(entry);
            }
        }

        if (_entries.Any(e => e.Value.IsChanged))
        {
            SetTimer();
        }
    }

    private async Task WriteAsync(StatusEntry entry)
    {
        if (!entry.TryBeginWrite())
        {
            SetTimer();
            return;
        }

        entry.WrittenAt = _time.GetTimestamp();
        try
        {
            for (var attempt = 0; attempt < MostAttempts && !await TryWriteAsync(entry); attempt++)
            {
            }
        }
        catch (StorageUnavailableException e)
        {
            entry.PutBack();
            SetTimer();
            StatusLog.Unwritten(_log, entry.Tool, entry.Tenant, e);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The instance is going; what it saw goes with it.
        }
        finally
        {
            entry.EndWrite();
        }
    }

    // False when another instance was first: then its row is read and both are put together.
    private async ValueTask<bool> TryWriteAsync(StatusEntry entry)
    {
        if (entry.ETag is null && await _rows.ReadAsync(entry.Tenant, entry.Tool, _stopping.Token) is var (row, version))
        {
            entry.ETag = version;
            if (row?.Uid == entry.Uid)
            {
                entry.Merge(row.Status);
            }
        }

        var written = await _rows.WriteAsync(entry.Tenant, entry.Tool, StatusRow.Of(entry.Uid, entry.Take()), entry.ETag, _stopping.Token);
        entry.ETag = written.IsDone ? written.ETag : null;
        if (!written.IsDone)
        {
            entry.PutBack();
        }

        return written.IsDone;
    }
}

internal static partial class StatusLog
{
    [LoggerMessage(6101, LogLevel.Warning, "The status of tool {Tool} of {Tenant} could not be written; it is tried again.")]
    public static partial void Unwritten(ILogger logger, string tool, TenantId tenant, Exception exception);
}
