using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Audit;

/// <summary>Measurements of calls, named after the OpenTelemetry conventions for MCP where they have a name.</summary>
internal sealed class CallMetrics
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "Stoa.Gateway";

    private readonly Histogram<double> _duration;

    public CallMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram(
            "mcp.server.operation.duration",
            unit: "s",
            description: "Duration of a governed call from admission to settlement.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] });
    }

    public void Record(Call call, string outcome, TimeSpan elapsed)
    {
        if (!_duration.Enabled)
        {
            return;
        }

        // The tool's name is a tag only when it resolved: what strangers type must not multiply time series.
        var tags = new TagList
        {
            { "mcp.method.name", MethodOf(call.Operation) },
            { "gen_ai.tool.name", call.Target?.Name },
            { "stoa.door", call.Door },
            { "stoa.tenant", call.Caller.Revision?.Tenant.ToString() },
        };
        if (outcome != "ok")
        {
            tags.Add("error.type", outcome);
        }

        if (CacheUseNames.NameOf(call.CacheUse) is { } cache)
        {
            tags.Add("stoa.cache", cache);
        }

        _duration.Record(elapsed.TotalSeconds, tags);
    }

    /// <summary>The operation in MCP's words, whatever door it came by.</summary>
    public static string MethodOf(Operation operation) => operation switch
    {
        Operation.CallTool => "tools/call",
        Operation.ListTools => "tools/list",
        _ => "server/discover",
    };
}
