namespace Stoa.Gateway.Tools.Resilience;

/// <summary>
/// Keeps retries from multiplying the load on an endpoint that fails: over any time they are at most a fifth of the calls, plus two a second,
/// plus ten. A token bucket: every call pays in, every retry takes one out.
/// </summary>
internal sealed class RetryBudget(TimeProvider time)
{
    public const double PerCall = 0.2;
    public const double PerSecond = 2;
    public const double Most = 10;

    private readonly Lock _gate = new();
    private double _left = Most;
    private long _filledAt = time.GetTimestamp();

    public void Call()
    {
        lock (_gate)
        {
            _left = Math.Min(Most, _left + PerCall);
        }
    }

    public bool TryRetry()
    {
        lock (_gate)
        {
            Fill();
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Most, _left + (time.GetElapsedTime(_filledAt, now).TotalSeconds * PerSecond));
        _filledAt = now;
    }
}
