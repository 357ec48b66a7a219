namespace Stoa.Gateway.Tools.Resilience;

/// <summary>
/// Leaves a failing endpoint alone. Opens when the last <c>failures</c> failed attempts lie within <c>window</c> and fewer attempts than that
/// succeeded since the first of them, so that a busy endpoint with a few errors stays open to calls. After <c>openFor</c> exactly one attempt
/// is let through, and what becomes of it decides. Knows this instance's attempts only.
/// </summary>
internal sealed class Breaker(CircuitBreakerSpec spec, TimeProvider time)
{
    /// <summary>What callers are told to wait while somebody else's attempt decides.</summary>
    private static readonly TimeSpan WhileProbing = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile bool _isClosed = true;
    private long _successes;

    // Everything below changes under the gate.
    private (long At, long Successes)[] _recent = [];
    private long _failures;
    private int _round;
    private bool _isProbing;
    private long _openedAt;
    private TimeSpan _openFor;

    public bool IsClosed => _isClosed;

    public BreakerState State
    {
        get
        {
            lock (_gate)
            {
                var left = Left;
                var phase = _isClosed ? BreakerPhase.Closed : left > TimeSpan.Zero ? BreakerPhase.Open : BreakerPhase.HalfOpen;
                return new(phase, phase is BreakerPhase.Open ? time.GetUtcNow() + left : null);
            }
        }
    }

    private TimeSpan Left => _openFor - time.GetElapsedTime(_openedAt);

    /// <summary>
    /// Whether an attempt may be made; if so the permit goes back with exactly one of <see cref="Succeeded"/>, <see cref="Failed"/> and
    /// <see cref="Abandoned"/>, if not <paramref name="wait"/> says when to ask again.
    /// </summary>
    public bool TryEnter(out Permit permit, out TimeSpan wait)
    {
        (permit, wait) = (default, default);
        if (_isClosed)
        {
            return true;
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                return true;
            }

            var left = Left;
            if (left > TimeSpan.Zero || _isProbing)
            {
                wait = left > WhileProbing ? left : WhileProbing;
                return false;
            }

            _isProbing = true;
            permit = new(IsProbe: true, _round);
            return true;
        }
    }

    public void Succeeded(Permit permit)
    {
        if (!permit.IsProbe)
        {
            Interlocked.Increment(ref _successes);
            return;
        }

        lock (_gate)
        {
            if (permit.Round == _round)
            {
                (_isProbing, _recent, _failures) = (false, [], 0);
                _isClosed = true;
            }
        }
    }

    /// <summary>True when this is the failure that opens it.</summary>
    public bool Failed(Permit permit)
    {
        lock (_gate)
        {
            var opens = permit.IsProbe ? permit.Round == _round : _isClosed && spec.Enabled && IsOneTooMany();
            if (opens)
            {
                Open(spec.OpenFor);
            }

            return opens;
        }
    }

    /// <summary>The attempt ended without saying anything about the endpoint; if it was the one that decides, the next one is.</summary>
    public void Abandoned(Permit permit)
    {
        if (permit.IsProbe)
        {
            lock (_gate)
            {
                _isProbing = _isProbing && permit.Round != _round;
            }
        }
    }

    /// <summary>Another instance found the endpoint failing: opens until then, though never longer than the tool's own <c>openFor</c>.</summary>
    public void Hint(DateTimeOffset openUntil)
    {
        var asked = openUntil - time.GetUtcNow();
        lock (_gate)
        {
            if (_isClosed && spec.Enabled && asked > TimeSpan.Zero)
            {
                Open(asked < spec.OpenFor ? asked : spec.OpenFor);
            }
        }
    }

    private void Open(TimeSpan duration)
    {
        (_openedAt, _openFor, _isProbing) = (time.GetTimestamp(), duration, false);
        _round++;
        _isClosed = false;
    }

    /// <summary>Notes a failure in the ring of the last so many, and looks at the oldest that it holds.</summary>
    private bool IsOneTooMany()
    {
        if (_recent.Length == 0)
        {
            _recent = new (long, long)[spec.Failures];
        }

        var (now, successes) = (time.GetTimestamp(), Volatile.Read(ref _successes));
        _recent[_failures++ % spec.Failures] = (now, successes);
        if (_failures < spec.Failures)
        {
            return false;
        }

        var (at, successesThen) = _recent[_failures % spec.Failures];
        return time.GetElapsedTime(at, now) <= spec.Window && successes - successesThen < spec.Failures;
    }
}

/// <summary>Leave to make one attempt.</summary>
/// <param name="IsProbe">Its outcome decides whether the breaker closes.</param>
/// <param name="Round">Which opening it belongs to.</param>
internal readonly record struct Permit(bool IsProbe, int Round);
