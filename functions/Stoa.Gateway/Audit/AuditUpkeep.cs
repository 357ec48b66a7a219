using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit;

/// <summary>
/// What an instance that writes records does besides: streams them every few seconds, each stream on its own, and seals the ledger every minute,
/// for all instances. An idle instance does neither; timers finish what it leaves.
/// </summary>
internal sealed class AuditUpkeep : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SealEvery = TimeSpan.FromMinutes(1);

    // An instance that wrote nothing for so long forwards nothing either.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly LedgerWriter _writer;
    private readonly LedgerSealer _sealer;
    private readonly IReadOnlyList<StreamPump> _streams;
    private readonly TimeProvider _time;
    private readonly ILogger<LedgerSealer> _log;
    private readonly ITimer _ticks;
    private int _isSealing;
    private long _sealed;
    private long _sealedAt;

    public AuditUpkeep(LedgerWriter writer, LedgerSealer sealer, IReadOnlyList<StreamPump> streams, TimeProvider time, ILogger<LedgerSealer> log)
    {
        (_writer, _sealer, _streams, _time, _log) = (writer, sealer, streams, time, log);
        _sealedAt = time.GetTimestamp();

        // A tick may come when the source is disposed already.
        _ended = _ending.Token;
        _ticks = time.CreateTimer(static upkeep => ((AuditUpkeep)upkeep!).Start(), this, Tick, Tick);
    }

    /// <summary>Once no record comes any more: what is left, as long as the host has patience.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        _ticks.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_writer.Written > 0)
        {
            await Task.WhenAll([.. _streams.Select(s => s.DrainAsync(ct)), TryAsync(async () => await _sealer.RunAsync(isWide: false, ct))]);
        }
    }

    /// <summary>Sends what instances that are gone have left, to each stream on its own.</summary>
    /// <exception cref="StorageUnavailableException">Storage cannot be had.</exception>
    public Task DrainOthersAsync(CancellationToken ct) => Task.WhenAll(_streams.Select(s => s.DrainOthersAsync(Quiet, ct)));

    public void Dispose()
    {
        _ticks.Dispose();
        _ending.Cancel();
        _ending.Dispose();
    }

    private void Start()
    {
        if (_ended.IsCancellationRequested)
        {
            return;
        }

        foreach (var stream in _streams)
        {
            stream.Tick(_ended);
        }

        var written = _writer.Written;
        if (written > _sealed && _time.GetElapsedTime(_sealedAt) >= SealEvery && Interlocked.Exchange(ref _isSealing, 1) == 0)
        {
            // No call's trace shows what is done for all.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(() => SealAsync(written));
            }
        }
    }

    private async Task SealAsync(long written)
    {
        try
        {
            _sealedAt = _time.GetTimestamp();
            await TryAsync(async () =>
            {
                // What another seals now may lack our last records; then the next minute comes back to them.
                var result = await _sealer.RunAsync(isWide: false, _ended);
                _sealed = result.Status is SealStatus.Done ? written : _sealed;
            });
        }
        finally
        {
            Volatile.Write(ref _isSealing, 0);
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StorageUnavailableException e)
        {
            SealLog.Delayed(_log, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            SealLog.Broken(_log, e);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }
}
