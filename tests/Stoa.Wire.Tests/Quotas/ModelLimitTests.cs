using System.Globalization;
using System.Net;
using System.Text.Json;
using Stoa.Testing;
using Stoa.Testing.Llm;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Limits of tokens, money and streams on calls of models, over real doors and a provider that keeps its own books.</summary>
public sealed class ModelLimitTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spend_grows_with_each_call_until_the_budget_is_spent()
    {
        await using var world = await LlmWorld.StartAsync(time: RunningTime.Midday);
        await LimitAsync(world, "budget: { usdPerMonth: 0.0005 }");
        var (spent, remaining) = (0m, new List<decimal>());
        var status = HttpStatusCode.OK;
        for (var i = 0; status is HttpStatusCode.OK; i++)
        {
            Assert.True(i < 100, "The budget is never spent.");
            using var response = await world.PostAsync("/v1/chat/completions", Chat(isStream: false, most: 20), Ct);
            status = response.StatusCode;
            if (status is HttpStatusCode.OK)
            {
                spent += decimal.Parse(Header(response, "x-stoa-cost-usd")!, CultureInfo.InvariantCulture);
                remaining.Add(decimal.Parse(Header(response, "x-stoa-budget-remaining-usd")!, CultureInfo.InvariantCulture));
                Assert.InRange(remaining[^1] + spent, 0, 0.0005m);
                continue;
            }

            var error = JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)).GetProperty("error");
            Assert.Equal((HttpStatusCode.TooManyRequests, "insufficient_quota", "false"), (status, error.GetProperty("code").GetString(), Header(response, "x-should-retry")));
            Assert.Null(response.Headers.RetryAfter);
            Assert.Contains("0.0005 USD per month", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        var books = world[LlmShape.OpenAI].Books;
        Assert.Equal((books.Input + (2 * books.Output)) / 1_000_000m, spent);
        Assert.InRange(spent, 0.0004m, 0.0005m);
        Assert.True(remaining[0] > remaining[^1]);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"finish_reason\":\"length\"", "data: [DONE]")]
    [InlineData("/v1/messages", "\"stop_reason\":\"max_tokens\"", "event: message_stop")]
    public async Task A_stream_that_goes_beyond_what_can_be_had_ends_as_one_that_is_too_long_and_the_ledger_shows_it(string path, string reason, string end)
    {
        var shape = path.EndsWith("messages", StringComparison.Ordinal) ? LlmShape.Anthropic : LlmShape.OpenAI;
        await using var world = await LlmWorld.StartAsync(_ => LlmTurn.Say([.. Enumerable.Repeat(" word", 2000)]) with { IgnoresBound = true }, time: RunningTime.Midday);
        await LimitAsync(world, "tokens: { perMonth: 500 }");

        using var response = await world.PostAsync(path, Chat(isStream: true, most: 100, shape), Ct);
        var body = await response.Content.ReadAsStringAsync(Ct);
        var next = await world.PostAsync(path, Chat(isStream: false, most: 100, shape), Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.Contains(end, body[^200..], StringComparison.Ordinal);
        var words = body.Split(" word").Length - 1;
        Assert.InRange(words, 101, 500);
        Assert.Equal(HttpStatusCode.TooManyRequests, next.StatusCode);
        var used = 0L;
        await Eventually.TrueAsync(
            async () => (used = await UsedAsync(world, "tokens")) > 450, TimeSpan.FromSeconds(60), "the ledger shows what passed");

        // The stream is stopped by the tokens that certainly passed and settled by an estimate of what did, a quarter of the bytes.
        Assert.InRange(used, words, (500 * 5 / 4) + 64);
    }

    [Fact]
    public async Task A_stream_that_goes_beyond_the_limit_of_one_call_ends_where_nothing_else_is_limited()
    {
        await using var world = await LlmWorld.StartAsync(_ => LlmTurn.Say([.. Enumerable.Repeat(" word", 2000)]) with { IgnoresBound = true }, time: RunningTime.Midday);
        await LimitAsync(world, "tokens: { maxPerRequest: 500 }");

        using var response = await world.PostAsync("/v1/chat/completions", Chat(isStream: true, most: 100), Ct);
        var body = await response.Content.ReadAsStringAsync(Ct);

        Assert.Contains("\"finish_reason\":\"length\"", body, StringComparison.Ordinal);
        Assert.InRange(body.Split(" word").Length - 1, 101, 500);
    }

    [Fact]
    public async Task A_third_stream_is_refused_and_the_place_of_one_that_was_broken_off_is_free_at_once()
    {
        await using var world = await LlmWorld.StartAsync(time: RunningTime.Midday);
        await LimitAsync(world, "maxConcurrentStreams: 2");
        using var first = await world.OpenAsync("/v1/chat/completions", Chat(isStream: true, prompt: "hang"), Ct);
        var second = await world.OpenAsync("/v1/chat/completions", Chat(isStream: true, prompt: "hang"), Ct);

        using var third = await world.OpenAsync("/v1/chat/completions", Chat(isStream: true), Ct);
        using var whole = await world.PostAsync("/v1/chat/completions", Chat(isStream: false), Ct);
        second.Dispose();

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], new[] { first, second, third, whole }.Select(r => r.StatusCode));
        Assert.Contains("2 streams under way", await third.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await world.PostAsync("/v1/chat/completions", Chat(isStream: true), Ct);
                return again.StatusCode is HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(30),
            "there is a place for another stream");
    }

    [Fact]
    public async Task Fifty_parallel_calls_against_room_for_ten_never_use_more_than_there_is()
    {
        await using var world = await LlmWorld.StartAsync(time: RunningTime.Midday);
        await LimitAsync(world, "requests: { perMonth: 10 }, tokens: { perMonth: 100000 }");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var response = await world.PostAsync("/v1/chat/completions", Chat(isStream: i % 2 == 0), Ct);
            return response.StatusCode;
        }));

        Assert.Equal((10, 40), (statuses.Count(s => s is HttpStatusCode.OK), statuses.Count(s => s is HttpStatusCode.TooManyRequests)));
        Assert.Equal(10, world[LlmShape.OpenAI].Books.All.Count);
    }

    [Fact]
    public async Task A_plan_says_which_models_there_are()
    {
        await using var world = await LlmWorld.StartAsync(time: RunningTime.Midday);
        await world.Gateway.ApplyAsync(Yaml.All(
            Yaml.Document("Plan", $"name: small, namespace: {LlmWorld.Tenant}", "{ models: [mistral-*] }"),
            Yaml.Document("Subscription", $"name: s, namespace: {LlmWorld.Tenant}", "{ consumer: app, plan: small }")));

        using var refused = await world.PostAsync("/v1/chat/completions", Chat(isStream: false), Ct);
        using var listed = await world.Client.GetAsync("/v1/models", Ct);

        Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
        Assert.Equal("mistral-model", Assert.Single(JsonElement.Parse(await listed.Content.ReadAsStringAsync(Ct)).GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty(world[LlmShape.OpenAI].Books.All);
    }

    private static Task LimitAsync(LlmWorld world, string policy) => world.Gateway.ApplyAsync(Yaml.All(
        Quota.Policy(policy, tenant: LlmWorld.Tenant), Yaml.Consumer("app", $"{{ {Quota.By} }}", LlmWorld.Tenant)));

    private static string Chat(bool isStream, int? most = 32, LlmShape shape = LlmShape.OpenAI, string prompt = "Hello?") => JsonSerializer.Serialize(new
    {
        model = LlmWorld.ModelOf(shape),
        stream = isStream,
        max_tokens = most,
        messages = new[] { new { role = "user", content = prompt } },
    });

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static async Task<long> UsedAsync(LlmWorld world, string counts)
    {
        var usage = JsonElement.Parse(await world.Gateway.Admin.GetStringAsync($"/manage/v1/usage?namespace={LlmWorld.Tenant}", Ct));
        return usage.GetProperty("scopes").EnumerateArray().SelectMany(s => s.GetProperty("limits").EnumerateArray()).Single(l => l.GetProperty("counts").GetString() == counts).GetProperty("used").GetInt64();
    }
}
