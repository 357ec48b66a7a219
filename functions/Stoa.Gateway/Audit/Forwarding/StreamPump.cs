using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>
/// Keeps one stream going while this instance writes: a run at each tick that finds new records, rarer and rarer while the receiver does not take
/// them, and not before the time that it asks for.
/// </summary>
internal sealed class StreamPump(EventForwarder forwarder, LedgerWriter writer, Random random, TimeProvider time, ILogger<StreamPump> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // A refusal is mended by people.
    private static readonly TimeSpan FirstPauseOfRefused = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPauseOfRefused = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private Task _running = Task.CompletedTask;
    private long _forwarded;
    private DateTimeOffset _notBefore;
    private TimeSpan _pause;

    /// <summary>The run under way, or the last one; never fails.</summary>
    public Task Running
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>Returns at once; starts a run when there is something to send and it is time.</summary>
    public void Tick(CancellationToken ct)
    {
        lock (_gate)
        {
            var written = writer.Written;
            if (!_running.IsCompleted || written <= _forwarded || time.GetUtcNow() < _notBefore)
            {
                return;
            }

            // No call's trace shows what is done for all.
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                _running = Task.Run(() => RunAsync(written, ct), CancellationToken.None);
            }
        }
    }

    /// <summary>Once no record comes any more: one try for what is left, as long as the host has patience.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        await Running.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (writer.Written is var written && written > _forwarded)
        {
            await RunAsync(written, ct);
        }
    }

    /// <summary>Sends what other instances left.</summary>
    /// <param name="quiet">How long they must have been silent.</param>
    /// <exception cref="StorageUnavailableException">Storage cannot be had.</exception>
    public async Task DrainOthersAsync(TimeSpan quiet, CancellationToken ct)
    {
        if ((await forwarder.DrainAsync(quiet, ct)).Fault is { } fault)
        {
            Tell(fault);
        }
    }

    private async Task RunAsync(long written, CancellationToken ct)
    {
        try
        {
            var result = await forwarder.RunAsync(writer.Instance, _began, ct);
            if (result.Fault is { } fault)
            {
                Tell(fault);
            }

            Next(result, written);
        }
        catch (StorageUnavailableException e)
        {
            StreamLog.Unread(log, forwarder.Name, e.Message);
            Next(new(0, false, new(SendFaultKind.Unavailable, "")), written);
        }
        catch (InvalidDataException e)
        {
            StreamLog.Broken(log, forwarder.Name, e);
            Next(new(0, false, new(SendFaultKind.Refused, "")), written);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }

    private void Next(Forwarded result, long written)
    {
        if (result.Fault is not { } fault)
        {
            _forwarded = result.IsAll ? written : _forwarded;
            (_pause, _notBefore) = (default, default);
            return;
        }

        var (first, longest) = fault.IsRefusal ? (FirstPauseOfRefused, LongestPauseOfRefused) : (FirstPause, LongestPause);
        _pause = Min(Max(2 * _pause, first), longest);
        var asked = Min(fault.RetryAfter ?? default, LongestAsked);

        // Instances that were refused together do not come back together, and none before the time that was asked for.
        _notBefore = time.GetUtcNow() + (Max(_pause, asked) * (1 + (random.NextDouble() / 4)));
    }

    private void Tell(SendFault fault)
    {
        if (fault.IsRefusal)
        {
            StreamLog.Refused(log, forwarder.Name, fault.Reason);
        }
        else
        {
            StreamLog.Delayed(log, forwarder.Name, fault.Reason);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

internal static partial class StreamLog
{
    [LoggerMessage(5221, LogLevel.Warning, "The receiver of the audit stream {Stream} does not take records now: {Reason}. They are kept, and sent later.")]
    public static partial void Delayed(ILogger logger, string stream, string reason);

    [LoggerMessage(5222, LogLevel.Error, "The receiver of the audit stream {Stream} refuses records: {Reason}. They are kept, and so are all later ones: mend the receiver or the setting. It is tried again at least every quarter of an hour.")]
    public static partial void Refused(ILogger logger, string stream, string reason);

    [LoggerMessage(5223, LogLevel.Warning, "The audit stream {Stream} is behind, as storage cannot be read: {Reason} It is tried again.")]
    public static partial void Unread(ILogger logger, string stream, string reason);

    [LoggerMessage(5224, LogLevel.Error, "The audit stream {Stream} cannot go on.")]
    public static partial void Broken(ILogger logger, string stream, Exception exception);
}
