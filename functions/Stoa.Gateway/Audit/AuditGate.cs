using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Audit;

/// <summary>
/// Says of every call how it ended, refused ones included: one log event and one measurement. The log is a log, not a ledger; names and
/// decisions only, never arguments or results.
/// </summary>
internal sealed class AuditGate(CallMetrics metrics, TimeProvider time, ILogger<AuditGate> log)
{
    /// <summary>Nothing needs to be durable before the work starts, since the log keeps no promise of that kind.</summary>
    public ValueTask<Refusal?> IntendAsync(Call call, CancellationToken ct) => default;

    public ValueTask RecordAsync(Call call)
    {
        var elapsed = time.GetElapsedTime(call.StartedAt);
        var outcome = call.Refusal is { } refusal ? RefusalMap.Of(refusal.Kind).Name
            : call.Answer is null ? "cancelled"
            : call.Answer.IsError ? "tool_error" : "ok";
        metrics.Record(call, outcome, elapsed);
        CallTrace.End(call.Span, call, outcome);

        // What went well is a line at Debug, since metrics count it and a line per call has its price; the rest is at Information.
        var level = outcome == "ok" ? LogLevel.Debug : LogLevel.Information;
        if (!log.IsEnabled(level))
        {
            return default;
        }

        var caller = call.Caller;
        var tenant = caller.Revision?.Tenant.ToString() ?? "-";
        var revision = caller.Revision?.Number ?? 0;
        var upstream = call.Answer?.UpstreamStatus ?? 0;
        var milliseconds = elapsed.TotalMilliseconds;
        AuditLog.Ended(log, level, call.Door, call.Operation, call.TargetName, tenant, caller.Name, revision, outcome, upstream, milliseconds, call.TraceId);
        return default;
    }
}

internal static partial class AuditLog
{
    [LoggerMessage(EventId = 5001, Message = "{Door} {Operation} {Target} by {Tenant}/{Consumer} at revision {Revision}: {Outcome} (upstream {UpstreamStatus}) in {Milliseconds:0.0} ms, trace {TraceId}.")]
    public static partial void Ended(
        ILogger logger, LogLevel level, string door, Operation operation, string target, string tenant, string consumer, long revision, string outcome, int upstreamStatus, double milliseconds, string traceId);
}
