using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Audit;

/// <summary>Measurements of calls, named after the OpenTelemetry conventions for MCP and GenAI where they have a name. docs/metrics.md lists them all.</summary>
internal sealed class CallMetrics
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "Stoa.Gateway";

    private readonly BoundedNames _models = new(500);
    private readonly Histogram<double> _toolDuration;
    private readonly Histogram<double> _modelDuration;
    private readonly Histogram<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _unpriced;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _rejections;

    public CallMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _toolDuration = meter.CreateHistogram(
            "mcp.server.operation.duration",
            unit: "s",
            description: "Duration of a governed call from admission to settlement.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] });
        _modelDuration = meter.CreateHistogram(
            "gen_ai.client.operation.duration",
            unit: "s",
            description: "Duration of a governed call of a model from admission to settlement, to the last byte of a stream.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });
        _tokens = meter.CreateHistogram(
            "gen_ai.client.token.usage",
            unit: "{token}",
            description: "Tokens that a call of a model used.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] });
        _cost = meter.CreateCounter<double>("stoa.llm.cost", "{USD}", "Cost of calls of models whose price is known.");
        _unpriced = meter.CreateCounter<long>("stoa.llm.unpriced_calls", "{call}", "Calls of models that used tokens at a price that nobody knows.");
        _fallbacks = meter.CreateCounter<long>("stoa.llm.fallbacks", "{call}", "Calls of models for which another target than the first was asked.");
        _rejections = meter.CreateCounter<long>("stoa.quota.rejections", "{call}", "Calls that a limit refused.");
    }

    public void Record(Call call, string outcome, TimeSpan elapsed)
    {
        if (call.Refusal?.Exceeded is { } exceeded && _rejections.Enabled)
        {
            _rejections.Add(1, new("stoa.quota.limit", exceeded.Limit), new("stoa.quota.scope", exceeded.Scope), new("stoa.tenant", TenantOf(call)));
        }

        if (call.Operation is Operation.CallModel or Operation.ListModels or Operation.CountTokens)
        {
            RecordModel(call, outcome, elapsed);
        }
        else if (_toolDuration.Enabled)
        {
            RecordTool(call, outcome, elapsed);
        }
    }

    /// <summary>The operation in MCP's words, whatever door it came by; for models in GenAI's.</summary>
    public static string MethodOf(Operation operation) => operation switch
    {
        Operation.CallTool => "tools/call",
        Operation.ListTools => "tools/list",
        Operation.CallModel => "chat",
        Operation.ListModels => "list_models",
        Operation.CountTokens => "count_tokens",
        _ => "server/discover",
    };

    private void RecordTool(Call call, string outcome, TimeSpan elapsed)
    {
        // The tool's name is a tag only when it resolved: what strangers type must not multiply time series.
        var tags = new TagList
        {
            { "mcp.method.name", MethodOf(call.Operation) },
            { "gen_ai.tool.name", call.Operation is Operation.CallTool ? call.Target?.Name : null },
            { "stoa.door", call.Door },
            { "stoa.tenant", TenantOf(call) },
        };
        if (outcome != "ok")
        {
            tags.Add("error.type", outcome);
        }

        if (CacheUseNames.NameOf(call.CacheUse) is { } cache)
        {
            tags.Add("stoa.cache", cache);
        }

        _toolDuration.Record(elapsed.TotalSeconds, tags);
    }

    private void RecordModel(Call call, string outcome, TimeSpan elapsed)
    {
        if (!_modelDuration.Enabled && !_tokens.Enabled && !_cost.Enabled && !_fallbacks.Enabled)
        {
            return;
        }

        // A route that takes any name is one that callers name as they like, so names are tags up to a number.
        var use = call.Use ?? default;
        var tags = new TagList
        {
            { "gen_ai.operation.name", call.Operation is Operation.CallModel && call.Use is not null ? use.Operation : MethodOf(call.Operation) },
            { "gen_ai.provider.name", use.System },
            { "gen_ai.request.model", call.Target is { } target ? _models.Of(target.Name) : null },
            { "gen_ai.response.model", use.Model is { } model ? _models.Of(model) : null },
            { "stoa.llm.provider", use.Provider },
            { "stoa.tenant", TenantOf(call) },
        };
        RecordSpent(call, tags);
        if (use.IsFallback)
        {
            _fallbacks.Add(1, tags);
        }

        tags.Add("stoa.door", call.Door);
        if (outcome != "ok")
        {
            tags.Add("error.type", outcome);
        }

        _modelDuration.Record(elapsed.TotalSeconds, tags);
    }

    private void RecordSpent(Call call, in TagList tags)
    {
        if (call.Spent is not { Usage.Total: > 0 } spent)
        {
            return;
        }

        var (input, output) = (tags, tags);
        input.Add("gen_ai.token.type", "input");
        output.Add("gen_ai.token.type", "output");
        _tokens.Record(spent.Usage.Input, input);
        _tokens.Record(spent.Usage.Output, output);
        if (spent.MicroUsd is { } cost)
        {
            _cost.Add(cost / 1_000_000.0, tags);
        }
        else
        {
            _unpriced.Add(1, tags);
        }
    }

    private static string? TenantOf(Call call) => call.Caller.Revision?.Tenant.ToString();
}
