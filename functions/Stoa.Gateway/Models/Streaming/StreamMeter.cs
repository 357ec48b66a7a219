using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>Counts what a stream has brought: the provider's own figures as they come, and its text for the time until then.</summary>
internal sealed class StreamMeter(Wire wire, long estimatedInput)
{
    private UsageCounts _counts = new();
    private long _events;
    private long _bytes;

    /// <summary>Whether the provider has given its figure for the whole answer.</summary>
    public bool IsReported => _counts.IsFinal && _counts.ToUsage(wire) is not null;

    /// <summary>Output tokens that there are in any case, so far.</summary>
    public long Least => Math.Max(_counts.Output, TokenEstimate.LeastOutput(_events, _bytes));

    /// <summary>Output tokens so far, as well as they are known.</summary>
    public long Output => _counts.IsFinal && _counts.Output >= 0 ? _counts.Output : Math.Max(_counts.Output, TokenEstimate.Output(_events, _bytes));

    /// <summary>The provider's figures where it gave them, else estimates, and then marked as such.</summary>
    public TokenUsage Usage =>
        _counts.IsFinal && _counts.ToUsage(wire) is { } reported
            ? reported
            : _counts.Complete(wire, estimatedInput, TokenEstimate.Output(_events, _bytes)) with { IsEstimate = true };

    public void Add(in EventGlance glance, ReadOnlySpan<byte> data)
    {
        if (glance.TextBytes > 0)
        {
            _events++;
            _bytes += glance.TextBytes;
        }

        if (glance.HasUsage)
        {
            UsageReader.Read(wire, data, ref _counts);
        }
    }
}
