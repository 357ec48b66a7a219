using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>
/// Writes this instance's records to the ledger: in order, each exactly once, none acknowledged before it is durable. An idle writer appends
/// at once what somebody waits for; while an append is under way the next records gather for one append of up to 64 KB. Blocks are repeated
/// until the store is certain of them, so what waits is never given up while the process lives.
/// </summary>
internal sealed class LedgerWriter : IDisposable
{
    /// <summary>The container of the ledger, under an immutability policy that allows protected append writes.</summary>
    public const string Container = "stoa-audit";

    // Connections, tokens, a container and a blob come before an instance's first record.
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(10);

    // A caller's next intent often comes that soon, and would have to wait for an append of its last outcome.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    private const long MaxBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly LedgerBlobs _blobs;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LedgerQueue _queue;
    private readonly ITimer _watch;
    private readonly ITimer _linger;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;
    private bool _isLingering;
    private bool _isWatched;
    private bool _isOpened;
    private bool _isOver;
    private volatile bool _isLate;
    private long _waitingBytes;

    public LedgerWriter(IAppendStore store, InstanceRegistry registry, InstanceId instance, AuditSettings settings, TimeProvider time, ILogger<LedgerWriter> log)
    {
        (_patience, _time, _log) = (settings.Patience, time, log);
        _ended = _ending.Token;
        _blobs = new(store, registry, instance, log);
        _queue = new(instance);

        // Made here, so that no call's trace shows what is done for all.
        _watch = time.CreateTimer(static writer => ((LedgerWriter)writer!).Watch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _linger = time.CreateTimer(static writer => ((LedgerWriter)writer!).GoOn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False while records cannot be made durable in time, and when too many wait: then no new work may begin.</summary>
    public bool IsOpen => !_isLate && Volatile.Read(ref _isOver) is false && Interlocked.Read(ref _waitingBytes) < MaxBytes;

    /// <summary>False while records cannot be made durable in time.</summary>
    public bool IsInTime => !_isLate;

    public InstanceId Instance => _queue.Instance;

    /// <summary>Records of this instance so far, durable or not.</summary>
    public long Written => _queue.NextSequence;

    /// <summary>Puts a record into the chain. It is on its way; the ticket tells when it is durable.</summary>
    public LedgerTicket Append(AuditRecord record)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return new(-1, Task.FromResult(false));
            }

            try
            {
                var (sequence, block) = Add(record);
                return new(sequence, block.Durable);
            }
            finally
            {
                // Of a record that cannot be written the instance's open may be there.
                Go();
            }
        }
    }

    /// <summary>Puts a record into the chain that nobody waits for: it leaves with the next, or by itself in 10 ms.</summary>
    public void Post(AuditRecord record)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            try
            {
                Add(record);
            }
            finally
            {
                GoSoon();
            }
        }
    }

    /// <summary>Once no record can come any more: the instance's <c>close</c>, and all that waits, as long as the host has patience.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        Task pump;
        lock (_gate)
        {
            if (!_isOver && _queue.Close(_time.GetUtcNow(), _time.GetTimestamp()) is not null)
            {
                Go();
            }

            _isOver = true;
            pump = _pump;
        }

        await pump.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _linger.Dispose();
        _ending.Cancel();
        _ending.Dispose();
    }

    private TimeSpan Patience => Volatile.Read(ref _isOpened) || _patience > OpeningPatience ? _patience : OpeningPatience;

    // Under the gate.
    private (long Sequence, LedgerBlock Block) Add(AuditRecord record)
    {
        try
        {
            return _queue.Add(record, _time.GetUtcNow(), _time.GetTimestamp());
        }
        finally
        {
            Interlocked.Exchange(ref _waitingBytes, _queue.Bytes);
            if (!_isWatched)
            {
                WatchAgain(_patience);
            }
        }
    }

    // Under the gate.
    private void GoSoon()
    {
        if (_queue.Bytes >= LedgerQueue.MaxBlock)
        {
            Go();
        }
        else if (!_isPumping && !_isLingering)
        {
            _isLingering = true;
            _linger.Change(Linger, Timeout.InfiniteTimeSpan);
        }
    }

    private void GoOn()
    {
        lock (_gate)
        {
            _isLingering = false;
            if (!_queue.IsEmpty)
            {
                Go();
            }
        }
    }

    // Under the gate.
    private void Go()
    {
        if (!_isPumping)
        {
            _isPumping = true;
            using (ExecutionContext.SuppressFlow())
            {
                _pump = Task.Run(() => PumpAsync(_ended));
            }
        }
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        try
        {
            for (var block = Next(); block is not null;)
            {
                await PersistAsync(block, ct);
                var next = Next(block);

                // Whoever waited finds a writer that is at rest, or busy with the next.
                block.Settle(isDurable: true);
                block.Lines.Dispose();
                block = next;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process ends. What was not acknowledged was promised to nobody.
        }
    }

    private LedgerBlock? Next(LedgerBlock? written = null)
    {
        lock (_gate)
        {
            if (written is not null)
            {
                _queue.Done();
                Interlocked.Exchange(ref _waitingBytes, _queue.Bytes);
                _isLate = false;
            }

            var block = _queue.Take();
            _isPumping = block is not null;
            return block;
        }
    }

    private async Task PersistAsync(LedgerBlock block, CancellationToken ct)
    {
        var hasTurned = false;
        for (var pause = FirstPause; ; pause = pause < LongestPause / 2 ? 2 * pause : LongestPause)
        {
            try
            {
                if (await _blobs.TryWriteAsync(block, _queue.Opening!, ct))
                {
                    Volatile.Write(ref _isOpened, true);
                    return;
                }

                // Another blob is next at once. When that one is of no use either it is not the blob, and each try leaves one for ever.
                if (!hasTurned)
                {
                    hasTurned = true;
                    continue;
                }
            }
            catch (StorageUnavailableException e)
            {
                LedgerLog.Delayed(_log, _blobs.Name, e);
            }

            await Task.Delay(pause, _time, ct);
        }
    }

    /// <summary>Gives up the wait, not the write, of blocks that have waited too long.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            foreach (var block in _queue.Waiting)
            {
                var left = Patience - _time.GetElapsedTime(block.BeganAt);
                if (left > TimeSpan.Zero)
                {
                    WatchAgain(left);
                    return;
                }

                _isLate = true;
                block.Settle(isDurable: false);
            }

            _isWatched = false;
            if (!_queue.IsEmpty)
            {
                WatchAgain(_patience);
            }
        }
    }

    // Once for many blocks: a look that comes early finds what is left. After the opening there may be less than before.
    private void WatchAgain(TimeSpan left)
    {
        _isWatched = true;
        _watch.Change(left < _patience ? left : _patience, Timeout.InfiniteTimeSpan);
    }
}
