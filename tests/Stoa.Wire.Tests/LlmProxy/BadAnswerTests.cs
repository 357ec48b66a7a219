using System.Net;
using System.Text.Json;
using Stoa.Testing;
using Stoa.Testing.Llm;

namespace Stoa.Wire.Tests.LlmProxy;

/// <summary>What providers do wrong, and what the caller is told then, in the error shape of its door.</summary>
public sealed class BadAnswerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private LlmWorld _world = null!;

    public static TheoryData<LlmShape, string> Nonsense
    {
        get
        {
            var data = new TheoryData<LlmShape, string>();
            foreach (var shape in LlmWorld.Shapes)
            {
                foreach (var prompt in (string[])["html", "half json", "other json", "error inside"])
                {
                    data.Add(shape, prompt);
                }
            }

            return data;
        }
    }

    public static TheoryData<LlmShape> Shapes => [.. LlmWorld.Shapes];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LlmWorld.StartAsync(Script);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_is_a_bad_gateway_in_the_doors_own_shape_and_costs_nothing(LlmShape shape, string prompt)
    {
        foreach (var isStream in (bool[])[false, true])
        {
            using var chat = await _world.PostAsync("/v1/chat/completions", Chat(shape, prompt, isStream), Ct);

            // An error inside a 200 is the error that it says it is.
            var status = prompt is "error inside" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.BadGateway;
            Assert.Equal(status, chat.StatusCode);
            var error = (await JsonAsync(chat)).GetProperty("error");
            Assert.Equal("server_error", error.GetProperty("type").GetString());
            Assert.DoesNotContain("html", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal("0.000000", Assert.Single(chat.Headers.GetValues("x-stoa-cost-usd")));

            using var messages = await _world.PostAsync("/v1/messages", Messages(shape, prompt, isStream), Ct);
            Assert.Equal(status, messages.StatusCode);
            Assert.Equal("api_error", (await JsonAsync(messages)).GetProperty("error").GetProperty("type").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Usage_that_is_missing_is_estimated_and_not_free(LlmShape shape)
    {
        using var response = await _world.PostAsync("/v1/chat/completions", Chat(shape, "no usage", isStream: false), Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Matches(@"^0\.000[0-9]*[1-9][0-9]*$", Assert.Single(response.Headers.GetValues("x-stoa-cost-usd")));
    }

    [Theory]
    [InlineData(LlmShape.OpenAI)]
    [InlineData(LlmShape.Azure)]
    public async Task A_stream_that_is_done_twice_is_done_once(LlmShape shape)
    {
        using var response = await _world.PostAsync("/v1/chat/completions", Chat(shape, "done twice", isStream: true), Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);

        Assert.Equal(2, text.Split("data: [DONE]").Length);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_stream_that_breaks_ends_with_the_error_event_of_the_door(LlmShape shape)
    {
        foreach (var prompt in (string[])["break", "fail"])
        {
            using var chat = await _world.PostAsync("/v1/chat/completions", Chat(shape, prompt, isStream: true), Ct);
            Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
            var last = (await chat.Content.ReadAsStringAsync(Ct)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
            Assert.StartsWith("data: {\"error\":{", last, StringComparison.Ordinal);

            using var messages = await _world.PostAsync("/v1/messages", Messages(shape, prompt, isStream: true), Ct);
            last = (await messages.Content.ReadAsStringAsync(Ct)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
            Assert.StartsWith("event: error\ndata: {\"type\":\"error\",\"error\":{", last, StringComparison.Ordinal);

            using var responses = await _world.PostAsync("/v1/responses", Responses(shape, prompt), Ct);
            last = (await responses.Content.ReadAsStringAsync(Ct)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
            Assert.True(last.StartsWith("event: response.failed", StringComparison.Ordinal) || last.StartsWith("event: error", StringComparison.Ordinal), last);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_rate_limit_of_the_provider_keeps_its_wait(LlmShape shape)
    {
        using var chat = await _world.PostAsync("/v1/chat/completions", Chat(shape, "limited", isStream: false), Ct);

        Assert.Equal(429, (int)chat.StatusCode);
        Assert.Equal("7", Assert.Single(chat.Headers.GetValues("retry-after")));
        Assert.Equal("7000", Assert.Single(chat.Headers.GetValues("retry-after-ms")));
        Assert.False(chat.Headers.Contains("x-should-retry"));
        Assert.Equal("rate_limit_error", (await JsonAsync(chat)).GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_credential_that_the_provider_refuses_is_the_gateways_trouble_and_need_not_be_tried_again(LlmShape shape)
    {
        using var chat = await _world.PostAsync("/v1/chat/completions", Chat(shape, "unauthorized", isStream: false), Ct);

        Assert.Equal(HttpStatusCode.BadGateway, chat.StatusCode);
        Assert.Equal("false", Assert.Single(chat.Headers.GetValues("x-should-retry")));
        Assert.Equal("provider_credential_refused", (await JsonAsync(chat)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_the_provider_back()
    {
        var upstream = _world[LlmShape.OpenAI];
        var response = await _world.OpenAsync("/v1/chat/completions", Chat(LlmShape.OpenAI, "long", isStream: true), Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var exchange = await upstream.Server.ArrivedAsync();
        var before = -1L;
        await Eventually.TrueAsync(
            () =>
            {
                var isStill = exchange.BytesSent > 0 && exchange.BytesSent == before;
                before = exchange.BytesSent;
                return Task.FromResult(isStill);
            },
            Patience,
            "the provider is held back");
        Assert.False(upstream.Books.All[0].IsComplete);

        response.Dispose();
        await Eventually.TrueAsync(() => Task.FromResult(upstream.Books.All[0].IsLeft), Patience, "the provider's stream was closed");
    }

    private static LlmTurn Script(LlmAsk ask) => ask.Conversation.Prompt switch
    {
        "html" => new() { Raw = ("text/html", "<html>Sorry</html>") },
        "half json" => new() { Raw = ("application/json", "{\"id\":\"1\",") },
        "other json" => new() { Raw = ("application/json", "{\"hello\":[1]}") },
        "error inside" => new() { Raw = ("application/json", "{\"type\":\"error\",\"error\":{\"type\":\"server_error\",\"message\":\"Oops\",\"code\":\"500\"}}") },
        "no usage" => LlmScript.Sensible(ask) with { HidesUsage = true },
        "done twice" => LlmScript.Sensible(ask) with { IsDoneTwice = true },
        "break" => LlmScript.Sensible(ask) with { BreaksAfter = 3 },
        "fail" => LlmScript.Sensible(ask) with { FailsAfter = 3 },
        "limited" => LlmTurn.Fail(429, "retry-after: 7"),
        "unauthorized" => LlmTurn.Fail(401),
        "long" => LlmTurn.Say([.. Enumerable.Repeat(new string('x', 8192), 16_384)]),
        _ => LlmScript.Sensible(ask),
    };

    private static string Chat(LlmShape shape, string prompt, bool isStream) =>
        JsonSerializer.Serialize(new { model = LlmWorld.ModelOf(shape), stream = isStream, messages = new[] { new { role = "user", content = prompt } } });

    private static string Messages(LlmShape shape, string prompt, bool isStream) =>
        JsonSerializer.Serialize(new { model = LlmWorld.ModelOf(shape), max_tokens = 100, stream = isStream, messages = new[] { new { role = "user", content = prompt } } });

    private static string Responses(LlmShape shape, string prompt) => JsonSerializer.Serialize(new { model = LlmWorld.ModelOf(shape), stream = true, input = prompt });

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct));
}
