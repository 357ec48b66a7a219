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

        // Nothing has been looked up yet, and what a caller typed may be anything.
        var target = CallRecord.TargetOf(call);
        if (call.Use is { } use)
        {
            return Source.StartActivity(target is null ? use.Operation : $"{use.Operation} {target}", ActivityKind.Client)
                ?.SetTag("gen_ai.operation.name", use.Operation).SetTag("gen_ai.request.model", target).SetTag("stoa.door", call.Door);
        }

        var method = CallMetrics.MethodOf(call.Operation);
        var span = Source.StartActivity(target is null ? method : $"{method} {target}", ActivityKind.Server);
        return span?.SetTag("mcp.method.name", method).SetTag("mcp.protocol.version", call.Protocol).SetTag("stoa.door", call.Door);
    }

    public static void End(Activity? span, Call call, string outcome)
    {
        if (span is null)
        {
            return;
        }

        if (call.Use is { } use)
        {
            Describe(span, use, call);
        }
        else if (call is { Operation: Operation.CallTool, Target: { } target })
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

    // Who and how much; never what was said.
    private static void Describe(Activity span, in ModelUse use, Call call)
    {
        span.SetTag("gen_ai.request.model", CallRecord.TargetOf(call)).SetTag("gen_ai.provider.name", use.System)
            .SetTag("gen_ai.response.model", use.Model)
            .SetTag("stoa.llm.provider", use.Provider)
            .SetTag("stoa.llm.fallback", use.IsFallback)
            .SetTag("stoa.llm.stream", use.IsStream);
        if (call.Spent is not { } spent)
        {
            return;
        }

        span.SetTag("gen_ai.usage.input_tokens", spent.Usage.Input)
            .SetTag("gen_ai.usage.output_tokens", spent.Usage.Output)
            .SetTag("gen_ai.usage.cache_read.input_tokens", spent.Usage.CacheRead)
            .SetTag("gen_ai.usage.cache_creation.input_tokens", spent.Usage.CacheWrite)
            .SetTag("stoa.llm.usage_is_estimate", spent.Usage.IsEstimate)
            .SetTag("stoa.llm.cost_usd", spent.MicroUsd / 1_000_000.0);
    }
}
