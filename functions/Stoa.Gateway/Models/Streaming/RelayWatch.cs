namespace Stoa.Gateway.Models.Streaming;

/// <summary>
/// The clock of one relay: one timer for every limit on it, and for the signs of life that a caller gets while the provider is silent. The
/// timer is not set anew on every event; it finds out when it fires how long ago the last one was.
/// </summary>
internal sealed class RelayWatch(TimeProvider time, TimeSpan idle, TimeSpan total) : IDisposable
{
    /// <summary>A caller who takes longer over 64 KB is not reading any more.</summary>
    public static readonly TimeSpan SlowReader = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long _end = time.GetTimestamp() + Ticks(time, total);
    private readonly long _idle = Ticks(time, idle);
    private ITimer? _timer;
    private Task _beating = Task.CompletedTask;
    private Turn _turn;
    private long _readSince;
    private long _flushSince;
    private long _lastSign;
    private long _until = long.MaxValue;
    private StopCause _untilCause;
    private RelayOutput? _output;

    /// <summary>Cancelled when reading has to stop; <see cref="Cause"/> says why.</summary>
    public CancellationToken Token => _stop.Token;

    public StopCause Cause { get; private set; }

    /// <summary>Sets a limit from now on, in place of the last such limit.</summary>
    public void Limit(TimeSpan to, StopCause cause)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            (_until, _untilCause) = (now + Ticks(time, to), cause);
            _timer ??= time.CreateTimer(static watch => ((RelayWatch)watch!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Arm(now);
        }
    }

    /// <summary>From now on there is a caller to be kept informed, and no other limit than those on reading and flushing.</summary>
    public void Begin(RelayOutput output)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            (_until, _output, _lastSign) = (long.MaxValue, output, now);
            Arm(now);
        }
    }

    public void Stop(StopCause cause)
    {
        lock (_gate)
        {
            Cause = Cause is StopCause.None ? cause : Cause;
        }

        _stop.Cancel();
    }

    /// <summary>The relay waits for the provider.</summary>
    public void BeginRead()
    {
        lock (_gate)
        {
            _readSince = time.GetTimestamp();
            _turn = Turn.Waiting;
        }
    }

    /// <summary>It waits no longer; the task is that of a sign of life still being written.</summary>
    public Task EndRead()
    {
        lock (_gate)
        {
            (_lastSign, _readSince) = (Math.Max(_lastSign, _readSince), 0);
            var beating = _turn is Turn.Beating ? _beating : Task.CompletedTask;
            _turn = Turn.Relay;
            return beating;
        }
    }

    public void BeginFlush()
    {
        lock (_gate)
        {
            _flushSince = time.GetTimestamp();
            Arm(_flushSince);
        }
    }

    public void EndFlush()
    {
        lock (_gate)
        {
            _flushSince = 0;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }

        _stop.Dispose();
    }

    private static long Ticks(TimeProvider time, TimeSpan span) => (long)Math.Min(span.TotalSeconds * time.TimestampFrequency, long.MaxValue / 4d);

    private void Tick()
    {
        bool stops;
        lock (_gate)
        {
            if (_timer is null)
            {
                return;
            }

            var now = time.GetTimestamp();
            var cause = DueAt(now);
            stops = cause is not StopCause.None;
            if (stops)
            {
                Cause = cause;
                if (cause is StopCause.SlowReader)
                {
                    _flushSince = 0;
                    _output!.CancelFlush();
                }
            }
            else if (_output is not null && _turn is Turn.Waiting && now >= Math.Max(_lastSign, _readSince) + Ticks(time, Heartbeat))
            {
                _lastSign = now;
                _turn = Turn.Beating;
                _beating = BeatAsync(_output);
            }

            Arm(now);
        }

        if (stops)
        {
            _stop.Cancel();
        }
    }

    private StopCause DueAt(long now)
    {
        if (_flushSince != 0 && now >= _flushSince + Ticks(time, SlowReader))
        {
            return StopCause.SlowReader;
        }

        if (Cause is not StopCause.None)
        {
            return StopCause.None;
        }

        return now >= _end ? StopCause.Total
            : now >= _until ? _untilCause
            : _output is not null && _readSince != 0 && now >= _readSince + _idle ? StopCause.Idle
            : StopCause.None;
    }

    /// <summary>Sets the timer to the next thing that may be due.</summary>
    private void Arm(long now)
    {
        var next = _flushSince == 0 ? long.MaxValue : _flushSince + Ticks(time, SlowReader);
        if (Cause is StopCause.None)
        {
            next = Math.Min(next, Math.Min(_end, _until));
            if (_output is not null)
            {
                var since = _readSince == 0 ? now : _readSince;
                next = Math.Min(next, Math.Min(since + _idle, Math.Max(_lastSign, since) + Ticks(time, Heartbeat)));
            }
        }

        if (next != long.MaxValue)
        {
            // Rounded up, or it fires a little too early and again at once.
            var due = TimeSpan.FromTicks((long)Math.Ceiling((next - now) * (double)TimeSpan.TicksPerSecond / time.TimestampFrequency));
            _timer?.Change(due < Soonest ? Soonest : due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task BeatAsync(RelayOutput output)
    {
        await output.BeatAsync();
        lock (_gate)
        {
            _turn = _turn is Turn.Beating ? Turn.Waiting : _turn;
        }
    }

    private enum Turn
    {
        /// <summary>The relay may be writing.</summary>
        Relay,

        /// <summary>The relay waits for the provider; nobody writes.</summary>
        Waiting,
        Beating,
    }
}

/// <summary>Why a relay stopped before its stream's end.</summary>
internal enum StopCause
{
    None,
    CallerLeft,

    /// <summary>No first event in time.</summary>
    FirstEvent,
    Idle,
    Total,

    /// <summary>The caller does not take what it is sent.</summary>
    SlowReader,

    /// <summary>The caller had left, and the time for reading on is over.</summary>
    DrainOver,

    /// <summary>The stream is at its end and the provider keeps the connection.</summary>
    Closing,
}
