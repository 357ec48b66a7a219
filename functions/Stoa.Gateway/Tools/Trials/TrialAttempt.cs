using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>One request that left the gateway in a test of a tool; without address, header, body or credential.</summary>
/// <param name="WaitedBefore">Back-off since the attempt before it.</param>
/// <param name="Elapsed">From connecting to the last byte.</param>
/// <param name="Status">Null when there was no answer.</param>
/// <param name="Fault">Why there was none.</param>
internal readonly record struct TrialAttempt(TimeSpan WaitedBefore, TimeSpan Elapsed, int? Status, EgressFault? Fault);
