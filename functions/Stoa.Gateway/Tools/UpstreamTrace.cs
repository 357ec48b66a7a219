using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools;

/// <summary>Collects what became of each attempt of one call, for people who try a tool: no address, no header, no body, no credential.</summary>
internal sealed class UpstreamTrace
{
    private readonly List<UpstreamAttempt> _attempts = [];

    public IReadOnlyList<UpstreamAttempt> Attempts => _attempts;

    public void Add(UpstreamAttempt attempt) => _attempts.Add(attempt);
}

/// <summary>One request that left the gateway.</summary>
/// <param name="WaitedBefore">Back-off since the attempt before it.</param>
/// <param name="Elapsed">From connecting to the last byte.</param>
/// <param name="Status">Null when there was no answer.</param>
/// <param name="Fault">Why there was none.</param>
internal readonly record struct UpstreamAttempt(TimeSpan WaitedBefore, TimeSpan Elapsed, int? Status, EgressFault? Fault);
