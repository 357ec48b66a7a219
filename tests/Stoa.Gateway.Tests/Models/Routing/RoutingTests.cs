using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Routing;

namespace Stoa.Gateway.Tests.Models.Routing;

/// <summary>From the model that a call names to its candidates, in their order. Nothing is sent.</summary>
public sealed class RoutingTests : IAsyncDisposable
{
    private readonly ModelBench _bench = new(seed: 7);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("gpt-4o", "exact")]
    [InlineData("gpt-4o-mini", "long")]
    [InlineData("gpt-3.5", "short")]
    [InlineData("own", "own")]
    [InlineData("GPT-4o", null)]
    [InlineData("claude", null)]
    [InlineData("off", null)]
    [InlineData("gpt-", "short")]
    public async Task A_name_goes_before_a_pattern_and_a_longer_pattern_before_a_shorter_one(string model, string? route)
    {
        await ApplyAsync(
            ModelBench.Route("short", "{ provider: p }", "models: ['gpt-*']"),
            ModelBench.Route("long", "{ provider: p }", "models: ['gpt-4o*', other]"),
            ModelBench.Route("exact", "{ provider: p }", "models: [gpt-4o]"),
            ModelBench.Route("own", "{ provider: p }"),
            ModelBench.Route("off", "{ provider: p }", "enabled: false"));
        var call = _bench.Call(model);

        var refusal = await _bench.ResolveAsync(call);

        Assert.Equal(route, refusal is null ? call.Model.RouteName : null);
        Assert.Equal(route is null ? RefusalKind.UnknownModel : null, refusal?.Kind);
    }

    [Theory]
    [InlineData(9223372036854775807, 2)]
    [InlineData(4611686018427387999, 2)]
    [InlineData(4611686018427387904, 4)]
    [InlineData(9223372036854775807, 1)]
    public async Task What_is_reserved_stays_a_number_however_much_a_caller_asks_for(long most, int choices)
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p, model: m }"));
        var call = _bench.Call(body: $$"""{"model":"smart","max_tokens":{{most}},"n":{{choices}},"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Null(await _bench.ResolveAsync(call));

        Assert.InRange(call.Demand!.OutputTokens, 1_000_000, 1L << 40);
        Assert.InRange(new TokenRates(10_000, 10_000).MicroUsd(call.Demand.InputTokens, call.Demand.OutputTokens), 1, Stoa.Gateway.Quotas.Ledger.Amounts.Most);
    }

    [Fact]
    public async Task No_tokens_at_all_are_no_bound()
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p, model: m }"));
        var call = _bench.Call(body: """{"model":"smart","max_tokens":0,"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Null(await _bench.ResolveAsync(call));

        Assert.Equal(ModelGate.DefaultOutputTokens, call.Demand!.OutputTokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"store\":true,")]
    public async Task An_answer_in_the_background_would_be_in_no_books_and_is_not_asked_for(string more)
    {
        await _bench.ApplyAsync(("LlmProvider", "p", "{ type: openai }"), ModelBench.Route("smart", "{ provider: p }"));

        var refusal = await _bench.ResolveAsync(_bench.Call(wire: Wire.Responses, body: $$"""{"model":"smart","input":"Hi",{{more}}"background":true}"""));

        Assert.Equal(RefusalKind.UnsupportedRequest, refusal!.Kind);
        Assert.Contains("background", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_show_names_that_the_caller_may_use_and_no_patterns()
    {
        await ApplyAsync(ModelBench.Route("a", "{ provider: p }", "models: ['gpt-*', gpt-4o, smart]"), ModelBench.Route("b", "{ provider: p }"));
        _bench.Allowed = NameFilter.Of(["gpt-*", "b"]);

        Assert.Equal(["b", "gpt-4o"], ModelCatalog.Of(_bench.Revision).NamesFor(_bench.Call("b").Caller));
        Assert.Null(await _bench.ResolveAsync(_bench.Call("gpt-5")));
        Assert.Equal(
            new Refusal(RefusalKind.ModelForbidden, "The model 'smart' is not in your plan. GET /v1/models lists those that you may use."),
            await _bench.ResolveAsync(_bench.Call("smart")), RefusalsByWords);
    }

    [Fact]
    public async Task An_unknown_model_is_refused_without_telling_what_there_is()
    {
        await ApplyAsync(ModelBench.Route("secret-route", "{ provider: p }"));

        var refusal = await _bench.ResolveAsync(_bench.Call("nope"));

        Assert.Equal("The model 'nope' does not exist here. GET /v1/models lists those that you may use.", refusal!.Message);
    }

    [Fact]
    public async Task Weights_are_shares_and_a_target_without_weight_is_asked_last()
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p, model: a, weight: 3 }, { provider: p, model: b, weight: 1 }, { provider: p, model: c, weight: 0 }", "strategy: weighted"));

        var orders = await OrdersAsync(4000);

        Assert.All(orders, o => Assert.EndsWith("c", o, StringComparison.Ordinal));
        Assert.InRange(orders.Count(o => o == "abc") / 4000.0, 0.72, 0.78);
        Assert.Equal(4000, orders.Count(o => o is "abc" or "bac"));
    }

    [Fact]
    public void The_same_seed_draws_the_same()
    {
        var drawn = Enumerable.Range(0, 2).Select(_ => string.Concat(Enumerable.Repeat(new Random(5), 20).Select(r => Strategy.ByWeight(["a", "b"], static _ => 1, r)[0])));

        Assert.Single(drawn.Distinct());
    }

    [Fact]
    public async Task The_cheapest_target_is_asked_first_and_one_without_a_price_last()
    {
        await _bench.ApplyAsync(
            ("LlmProvider", "p", "{ type: openai-compatible, baseUrl: 'https://p.example/v1', prices: [{ model: dear, input: 10, output: 20 }, { model: cheap, input: 1, output: 2 }, { model: mid, input: 3, output: 3 }] }"),
            ModelBench.Route("smart", "{ provider: p, model: free-of-price }, { provider: p, model: dear }, { provider: p, model: mid }, { provider: p, model: cheap }", "strategy: lowest-cost"));
        var call = _bench.Call();

        Assert.Null(await _bench.ResolveAsync(call));

        Assert.Equal(["cheap", "mid", "dear", "free-of-price"], call.Model.Candidates.Select(c => c.Model));
    }

    [Fact]
    public async Task The_fastest_target_is_asked_first_after_those_that_nobody_has_measured()
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p, model: a }, { provider: p, model: b }, { provider: p, model: c }, { provider: p, model: d }", "strategy: lowest-latency"));
        var provider = ModelCatalog.Of(_bench.Revision).Providers["p"];
        foreach (var (model, ms) in new[] { ("a", 300), ("b", 100) })
        {
            _bench.Health.Of(provider, model).Answered(isStream: false, TimeSpan.FromMilliseconds(ms));
        }

        _bench.Health.Of(provider, "c").Failed(ModelFailureKind.Unavailable);

        Assert.Equal(["dbac"], (await OrdersAsync(1)).Distinct());

        // Measurements fade, and so do grudges.
        _bench.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(["abcd"], (await OrdersAsync(1)).Distinct());
    }

    [Fact]
    public async Task A_measurement_moves_the_mean_by_a_quarter()
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p }"));
        var health = _bench.Health.Of(ModelCatalog.Of(_bench.Revision).Providers["p"], "a");

        health.Answered(isStream: true, TimeSpan.FromMilliseconds(100));
        health.Answered(isStream: true, TimeSpan.FromMilliseconds(200));

        Assert.Equal((TimeSpan.FromMilliseconds(125), null), (health.Latency(isStream: true), health.Latency(isStream: false)));
    }

    [Theory]
    [InlineData("bot", "{}", "", "general")]
    [InlineData("vip", "{}", "", "vips+general")]
    [InlineData("bot", "{\"team\":\"blue\"}", "", "blues+general")]
    [InlineData("bot", "{\"team\":\"red\"}", "", "general")]
    [InlineData("bot", "{}", "eu", "eus+general")]
    [InlineData("vip", "{\"team\":\"blue\"}", "eu", "vips+blues+eus+general")]
    public async Task Conditions_let_a_target_serve_some_calls_only(string consumer, string metadata, string region, string expected)
    {
        await ApplyAsync(ModelBench.Route("smart", """
            { provider: p, model: vips, when: { consumers: [vip] } }, { provider: p, model: blues, when: { tags: { team: blue } } }, { provider: p, model: eus, when: { headers: { X-Region: eu } } }, { provider: p, model: planned, when: { plans: [gold] } }, { provider: p, model: general }
            """));
        var call = _bench.Call(
            body: $$"""{"model":"smart","messages":[{"role":"user","content":"x"}],"metadata":{{metadata}}}""", consumer: consumer, headers: ("x-region", region));

        Assert.Null(await _bench.ResolveAsync(call));

        Assert.Equal(expected, string.Join('+', call.Model.Candidates.Select(c => c.Model)));
    }

    [Fact]
    public async Task When_no_condition_holds_nothing_serves()
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p, when: { consumers: [vip] } }"));

        Assert.Equal(RefusalKind.ModelForbidden, (await _bench.ResolveAsync(_bench.Call()))!.Kind);
    }

    [Fact]
    public async Task A_header_picks_the_provider_and_a_wrong_one_is_said_to_be_wrong()
    {
        await ApplyAsync(ModelBench.Route("smart", "{ provider: p, model: a }, { provider: q, model: b }"));
        var call = _bench.Call(headers: (ModelGate.ProviderHeader, "q"));

        Assert.Null(await _bench.ResolveAsync(call));
        Assert.Equal("b", Assert.Single(call.Model.Candidates).Model);
        Assert.Equal(RefusalKind.UnsupportedRequest, (await _bench.ResolveAsync(_bench.Call(headers: (ModelGate.ProviderHeader, "zzz"))))!.Kind);
    }

    [Fact]
    public async Task A_disabled_provider_serves_nothing()
    {
        await _bench.ApplyAsync(
            ("LlmProvider", "p", "{ type: openai, enabled: false }"), ("LlmProvider", "q", "{ type: openai }"), ModelBench.Route("smart", "{ provider: p, model: a }, { provider: q, model: b }"));
        var call = _bench.Call();

        Assert.Null(await _bench.ResolveAsync(call));
        Assert.Equal("b", Assert.Single(call.Model.Candidates).Model);
    }

    [Fact]
    public async Task The_callers_wire_is_kept_where_the_provider_knows_it()
    {
        string[] types = ["openai", "azure-openai", "anthropic", "mistral", "gemini", "openai-compatible"];
        await _bench.ApplyAsync([
            .. types.Select(t => ("LlmProvider", t, $"{{ type: {t}, baseUrl: 'https://p.example/v1' }}")),
            ("LlmProvider", "own", "{ type: openai-compatible, baseUrl: 'https://p.example/v1', responses: true }"),
            ModelBench.Route("smart", string.Join(", ", types.Append("own").Select(t => $"{{ provider: {t} }}"))),
        ]);

        Assert.Equal("Chat Chat Messages Chat Gemini Chat Chat", await WiresAsync(Wire.Chat));
        Assert.Equal("Chat Chat Messages Chat Gemini Chat Chat", await WiresAsync(Wire.Messages));
        Assert.Equal("Responses Responses Messages Chat Gemini Chat Responses", await WiresAsync(Wire.Responses));
        Assert.Equal("Embeddings Embeddings Embeddings Embeddings Embeddings Embeddings", await WiresAsync(Wire.Embeddings));
    }

    [Fact]
    public async Task A_request_that_leans_on_stored_state_goes_only_where_it_passes_through()
    {
        await _bench.ApplyAsync(
            ("LlmProvider", "claude", "{ type: anthropic }"), ("LlmProvider", "gpt", "{ type: openai }"),
            ModelBench.Route("both", "{ provider: claude }, { provider: gpt }"), ModelBench.Route("none", "{ provider: claude }"));
        const string Body = """{"model":"MODEL","input":"x","previous_response_id":"resp_1"}""";

        var both = _bench.Call(wire: Wire.Responses, body: Body.Replace("MODEL", "both", StringComparison.Ordinal));
        Assert.Null(await _bench.ResolveAsync(both));
        Assert.Equal("gpt", Assert.Single(both.Model.Candidates).Provider.Name);

        var refusal = await _bench.ResolveAsync(_bench.Call(wire: Wire.Responses, body: Body.Replace("MODEL", "none", StringComparison.Ordinal)));
        Assert.Equal(RefusalKind.UnsupportedRequest, refusal!.Kind);
        Assert.Contains("previous_response_id", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_price_is_refused_where_the_provider_says_so()
    {
        await _bench.ApplyAsync(
            ("LlmProvider", "p", "{ type: openai-compatible, baseUrl: 'https://p.example/v1', unknownPrice: refuse }"), ModelBench.Route("smart", "{ provider: p }"));

        Assert.Equal(RefusalKind.PriceUnknown, (await _bench.ResolveAsync(_bench.Call()))!.Kind);
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), "openai", "gpt-4o", "\"service_tier\":\"priority\",", false)]
    [InlineData(nameof(Wire.Chat), "openai", "gpt-4o", "\"service_tier\":\"anything new\",", false)]
    [InlineData(nameof(Wire.Messages), "anthropic", "claude-sonnet-4-5", "\"speed\":\"fast\",", false)]
    [InlineData(nameof(Wire.Messages), "anthropic", "claude-sonnet-4-5", "\"inference_geo\":\"us\",", false)]
    [InlineData(nameof(Wire.Messages), "anthropic", "claude-sonnet-4-5", "\"inference_geo\":\"global\",\"service_tier\":\"standard_only\",", true)]
    [InlineData(nameof(Wire.Chat), "openai", "gpt-4o", "\"service_tier\":\"flex\",", true)]
    [InlineData(nameof(Wire.Chat), "openai", "gpt-4o", "\"service_tier\":null,", true)]
    [InlineData(nameof(Wire.Chat), "anthropic", "claude-sonnet-4-5", "\"service_tier\":\"priority\",", true)] // Translated, so it does not go along.
    [InlineData(nameof(Wire.Messages), "anthropic", "claude-sonnet-4-5", "\"tools\":[{\"name\":\"web_search\",\"type\":\"web_search_20250305\"}],", false)]
    [InlineData(nameof(Wire.Messages), "anthropic", "claude-sonnet-4-5", "\"tools\":[{\"name\":\"bash\",\"type\":\"bash_20250124\"}],", true)]
    [InlineData(nameof(Wire.Messages), "anthropic", "claude-sonnet-4-5", "\"tools\":[{\"name\":\"web_search\",\"input_schema\":{}}],", true)]
    [InlineData(nameof(Wire.Chat), "openai", "gpt-4o", "\"web_search_options\":{},", false)]
    [InlineData(nameof(Wire.Chat), "openai", "gpt-4o", "\"web_search_options\":null,", true)]
    [InlineData(nameof(Wire.Responses), "openai", "gpt-4o", "\"tools\":[{\"type\":\"code_interpreter\"}],", false)]
    [InlineData(nameof(Wire.Responses), "openai", "gpt-4o", "\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"\\u0069mage_generation\"}],", false)]
    [InlineData(nameof(Wire.Responses), "openai", "gpt-4o", "\"tools\":[{\"type\":\"function\",\"name\":\"web_search\"}],", true)]
    public async Task What_costs_more_than_the_table_says_has_no_known_price(string wire, string type, string model, string asked, bool isKnown)
    {
        await _bench.ApplyAsync(("LlmProvider", "p", $"{{ type: {type} }}"), ModelBench.Route("smart", $"{{ provider: p, model: {model} }}"));
        var call = _bench.Call(wire: Enum.Parse<Wire>(wire), body: $$"""{"model":"smart",{{asked}}{{(wire is nameof(Wire.Responses) ? "\"input\":\"Hello\"" : "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]")}}}""");

        Assert.Null(await _bench.ResolveAsync(call));

        Assert.Equal(isKnown, call.Demand!.Rates is not null);
    }

    [Theory]
    [InlineData("", "", 16384)]
    [InlineData("\"max_tokens\":50,", "", 50)]
    [InlineData("\"max_tokens\":50,", "maxOutputTokens: 20", 20)]
    [InlineData("", "maxOutputTokens: 20", 20)]
    [InlineData("\"max_tokens\":50,\"n\":3,", "", 150)]
    public async Task Demand_is_the_most_that_the_dearest_target_may_come_to(string asked, string route, long output)
    {
        await _bench.ApplyAsync(
            ("LlmProvider", "p", "{ type: openai }"),
            ("LlmProvider", "q", "{ type: openai-compatible, baseUrl: 'https://p.example/v1', prices: [{ model: b, input: 1, output: 40, cacheWrite: 7 }] }"),
            ModelBench.Route("smart", "{ provider: p, model: gpt-4o }, { provider: q, model: b }", route));
        var call = _bench.Call(body: $$"""{"model":"smart",{{asked}}"messages":[{"role":"user","content":"Hello"}]}""");

        Assert.Null(await _bench.ResolveAsync(call));

        Assert.Equal((output, new TokenRates(7, 40)), (call.Demand!.OutputTokens, call.Demand.Rates!.Value));
        Assert.Equal(Math.Min(output, 256), call.Demand.LeastOutputTokens);
    }

    private static IEqualityComparer<Refusal?> RefusalsByWords => EqualityComparer<Refusal?>.Create(static (a, b) => a?.Kind == b?.Kind && a?.Message == b?.Message);

    private Task ApplyAsync(params (string Kind, string Name, string Spec)[] routes) => _bench.ApplyAsync(
        [("LlmProvider", "p", "{ type: openai-compatible, baseUrl: 'https://p.example/v1' }"), ("LlmProvider", "q", "{ type: openai-compatible, baseUrl: 'https://q.example/v1' }"), .. routes]);

    private async Task<List<string>> OrdersAsync(int count)
    {
        var orders = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var call = _bench.Call();
            Assert.Null(await _bench.ResolveAsync(call));
            orders.Add(string.Concat(call.Model.Candidates.Select(c => c.Model)));
        }

        return orders;
    }

    private async Task<string> WiresAsync(Wire door)
    {
        var call = _bench.Call(wire: door);
        Assert.Null(await _bench.ResolveAsync(call));
        return string.Join(' ', call.Model.Candidates.Select(c => c.Wire));
    }
}
