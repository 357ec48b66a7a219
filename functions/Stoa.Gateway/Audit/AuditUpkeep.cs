using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit;

/// <summary>
/// What an instance that writes records does besides: streams them every few seconds and seals the ledger every minute, for all instances. An
/// idle instance does neither; timers finish what it leaves.
/// </summary>
internal sealed class AuditUpkeep : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SealEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly LedgerWriter _writer;
    private readonly LedgerSealer _sealer;
    private readonly EventForwarder? _forwarder;
    private readonly TimeProvider _time;
    private readonly ILogger<LedgerSealer> _log;
    private readonly DateTimeOffset _began;
    private readonly ITimer _ticks;
    private int _isRunning;
    private long _sealed;
    private long _forwarded;
    private long _sealedAt;
    private DateTimeOffset _forwardFrom;
    private TimeSpan _pause = Tick;

    public AuditUpkeep(LedgerWriter writer, LedgerSealer sealer, EventForwarder? forwarder, TimeProvider time, ILogger<LedgerSealer> log)
    {
        (_writer, _sealer, _forwarder, _time, _log) = (writer, sealer, forwarder, time, log);
        _began = time.GetUtcNow();
        _sealedAt = time.GetTimestamp();
        _ticks = time.CreateTimer(static upkeep => ((AuditUpkeep)upkeep!).Start(), this, Tick, Tick);
    }

    /// <summary>Once no record comes any more: what is left, as long as the host has patience.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        _ticks.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_writer.Written > 0)
        {
            if (_forwarder is not null)
            {
                await TryAsync(async () => await _forwarder.RunAsync(_writer.Instance, _began, ct));
            }

            await TryAsync(async () => await _sealer.RunAsync(isWide: false, ct));
        }
    }

    public void Dispose()
    {
        _ticks.Dispose();
        _ending.Cancel();
        _ending.Dispose();
    }

    private void Start()
    {
        var written = _writer.Written;
        if ((written > _sealed || (_forwarder is not null && written > _forwarded)) && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            // No call's trace shows what is done for all.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(() => RunAsync(written));
            }
        }
    }

    private async Task RunAsync(long written)
    {
        try
        {
            if (_forwarder is not null && written > _forwarded && _time.GetUtcNow() >= _forwardFrom)
            {
                await TryForwardAsync(written, _forwarder);
            }

            if (written > _sealed && _time.GetElapsedTime(_sealedAt) >= SealEvery)
            {
                _sealedAt = _time.GetTimestamp();
                await TryAsync(async () =>
                {
                    // What another seals now may lack our last records; then the next minute comes back to them.
                    var result = await _sealer.RunAsync(isWide: false, _ending.Token);
                    _sealed = result.Status is SealStatus.Done ? written : _sealed;
                });
            }
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task TryForwardAsync(long written, EventForwarder forwarder)
    {
        var isDone = await TryAsync(async () =>
        {
            await forwarder.RunAsync(_writer.Instance, _began, _ending.Token);
            _forwarded = written;
        });
        _pause = isDone ? Tick : _pause < LongestPause / 2 ? 2 * _pause : LongestPause;
        _forwardFrom = isDone ? default : _time.GetUtcNow() + _pause;
    }

    private async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (StorageUnavailableException e)
        {
            SealLog.Delayed(_log, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or System.Security.Cryptography.CryptographicException)
        {
            SealLog.Broken(_log, e);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }

        return false;
    }
}
