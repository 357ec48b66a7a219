using System.Diagnostics;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Audit;

/// <summary>One span per call, named and tagged after the OpenTelemetry conventions for MCP and GenAI; a batch has several under one HTTP span.</summary>
internal static class CallTrace
{
    private static readonly ActivitySource Source = new(CallMetrics.Name);

    /// <summary>Null, and next to free, when nobody listens.</summary>
    public static Activity? Start(Call call)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var method = CallMetrics.MethodOf(call.Operation);
        var span = Source.StartActivity(call.TargetName.Length == 0 ? method : $"{method} {call.TargetName}", ActivityKind.Server);
        return span?.SetTag("mcp.method.name", method).SetTag("mcp.protocol.version", call.Protocol).SetTag("stoa.door", call.Door);
    }

    public static void End(Activity? span, Call call, string outcome)
    {
        if (span is null)
        {
            return;
        }

        if (call.Target is { } target)
        {
            span.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", target.Name);
        }

        span.SetTag("stoa.tenant", call.Caller.Revision?.Tenant.ToString())
            .SetTag("stoa.consumer", call.Caller.Name)
            .SetTag("stoa.revision", call.Caller.Revision?.Number)
            .SetTag("stoa.outcome", outcome)
            .SetTag("stoa.cache", CacheUseNames.NameOf(call.CacheUse));
        if (outcome != "ok")
        {
            span.SetTag("error.type", outcome).SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }
}
