using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Models.Routing;

/// <summary>What this instance has seen of one model at one provider, as long as where it is and when it is left alone stay the same.</summary>
internal sealed class TargetHealth(LlmProviderSpec spec, TimeProvider time)
{
    /// <summary>How much the newest measurement counts.</summary>
    private const double Weight = 0.25;

    /// <summary>A measurement older than this says nothing any more.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>A target that failed this lately is the slowest there is.</summary>
    private static readonly TimeSpan Grudge = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    // Of whole answers and of streams: the one takes as long as the model writes, the other as long as it thinks.
    private readonly (double Mean, long At)?[] _latency = new (double, long)?[2];

    public Breaker Breaker { get; } = new(spec.CircuitBreaker, time);

    public RetryBudget Retries { get; } = new(time);

    public DateTimeOffset? LastSuccessAt { get; private set; }

    public DateTimeOffset? LastErrorAt { get; private set; }

    /// <summary>What it was, in the words of <see cref="ModelFailureKind"/>; nothing of the provider's own text.</summary>
    public ModelFailureKind? LastError { get; private set; }

    /// <summary>
    /// Exponentially weighted mean of the time to the first valid event of a stream, or to the end of a whole answer; null when none was
    /// measured of late.
    /// </summary>
    public TimeSpan? Latency(bool isStream)
    {
        lock (_gate)
        {
            return Known(isStream) is { } mean ? TimeSpan.FromMilliseconds(mean) : null;
        }
    }

    /// <summary>The same for the order of targets: one that has just failed is slower than any that answers.</summary>
    public TimeSpan? ExpectedLatency(bool isStream)
    {
        lock (_gate)
        {
            var isFailing = LastErrorAt is { } error && !(LastSuccessAt > error) && time.GetUtcNow() - error < Grudge;
            return isFailing ? TimeSpan.MaxValue : Known(isStream) is { } mean ? TimeSpan.FromMilliseconds(mean) : null;
        }
    }

    public bool Fits(LlmProviderSpec other) =>
        ReferenceEquals(spec, other) || (spec.Type == other.Type && spec.BaseUrl == other.BaseUrl && spec.CircuitBreaker == other.CircuitBreaker);

    public void Answered(bool isStream, TimeSpan latency)
    {
        lock (_gate)
        {
            var mean = Known(isStream) is { } before ? before + (Weight * (latency.TotalMilliseconds - before)) : latency.TotalMilliseconds;
            _latency[isStream ? 1 : 0] = (mean, time.GetTimestamp());
            LastSuccessAt = time.GetUtcNow();
        }
    }

    public void Failed(ModelFailureKind kind)
    {
        lock (_gate)
        {
            (LastErrorAt, LastError) = (time.GetUtcNow(), kind);
        }
    }

    private double? Known(bool isStream) => _latency[isStream ? 1 : 0] is var (mean, at) && time.GetElapsedTime(at) <= Memory ? mean : null;
}
