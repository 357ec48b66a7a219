using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tests.Quotas.Usage;

namespace Stoa.Gateway.Tests.Audit;

/// <summary>What is measured and traced of calls of models: who and how much, never what was said, and no more series than names are known.</summary>
public sealed class CallMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<string> _seen = [];
    private readonly CallMetrics _metrics;

    public CallMetricsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Saw(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Saw(instrument, value, tags));
        _metrics = new(factory);
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_call_of_a_model_is_measured_as_the_conventions_say()
    {
        _metrics.Record(ModelCall("fast", new(new TokenUsage(100, 20), 1500)), "ok", TimeSpan.FromSeconds(2));

        const string Tags = "gen_ai.operation.name=chat gen_ai.provider.name=azure.ai.openai gen_ai.request.model=fast gen_ai.response.model=gpt stoa.llm.provider=azure stoa.tenant=acme";
        Assert.Equal(
            [
                $"gen_ai.client.token.usage 100 {Tags} gen_ai.token.type=input",
                $"gen_ai.client.token.usage 20 {Tags} gen_ai.token.type=output",
                $"stoa.llm.cost 0.0015 {Tags}",
                $"stoa.llm.fallbacks 1 {Tags}",
                $"gen_ai.client.operation.duration 2 {Tags} stoa.door=rest",
            ],
            _seen);
    }

    [Fact]
    public void A_cost_that_is_not_known_is_not_zero()
    {
        _metrics.Record(ModelCall("fast", new(new TokenUsage(100, 20), null)), "ok", TimeSpan.FromSeconds(2));

        Assert.Contains(_seen, s => s.StartsWith("stoa.llm.unpriced_calls 1", StringComparison.Ordinal));
        Assert.DoesNotContain(_seen, s => s.StartsWith("stoa.llm.cost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_that_a_limit_refused_is_a_rejection_whoever_it_was_for()
    {
        var call = new NotedCall(Operation.CallTool, null)
        {
            TargetName = "no_such_tool",
            Refusal = new(RefusalKind.QuotaExceeded, "No.") { Exceeded = new("consumer", "requests_per_minute", 5, null) },
        };

        _metrics.Record(call, "quota_exceeded", TimeSpan.Zero);

        Assert.Contains("stoa.quota.rejections 1 stoa.quota.limit=requests_per_minute stoa.quota.scope=consumer stoa.tenant=acme", _seen);
        Assert.DoesNotContain(_seen, s => s.Contains("no_such_tool", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_callers_choose_do_not_multiply_series()
    {
        for (var i = 0; i < 2000; i++)
        {
            _metrics.Record(ModelCall($"name-{i}", null), "ok", TimeSpan.Zero);
        }

        Assert.InRange(_seen.Distinct().Count(s => s.StartsWith("gen_ai.client.operation.duration", StringComparison.Ordinal)), 490, 501);
    }

    [Fact]
    public void A_span_tells_who_and_how_much()
    {
        // The source is the process's: other tests run beside this one, and what they send must get no span from here.
        using var own = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var trace = own.TraceId;
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == CallMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var call = ModelCall("fast", new(new TokenUsage(100, 20) { CacheRead = 60 }, 1500));

        CallTrace.End(CallTrace.Start(call), call, "ok");

        var span = Assert.Single(ended);
        Assert.Equal("chat fast", span.DisplayName);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal(
            "chat azure.ai.openai fast gpt 100 20 60 0.0015",
            string.Join(' ', new[]
            {
                "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model",
                "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens", "stoa.llm.cost_usd",
            }.Select(span.GetTagItem)));
    }

    private static NotedCall ModelCall(string name, Spent? spent) =>
        new(Operation.CallModel, new("chat", "azure", "azure.ai.openai", "gpt", IsFallback: spent is not null, IsStream: false)) { TargetName = name, Target = new Named(name), Spent = spent };

    private void Saw<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(' ', tags.ToArray().Where(t => t.Value is not null).Select(t => $"{t.Key}={t.Value}"));
        _seen.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{instrument.Name} {value} {text}"));
    }
}
