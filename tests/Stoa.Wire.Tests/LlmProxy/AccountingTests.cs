using System.Globalization;
using System.Net;
using System.Text.Json;
using Stoa.Testing;
using Stoa.Testing.Llm;

namespace Stoa.Wire.Tests.LlmProxy;

/// <summary>
/// What the gateway charges is what the providers have served, by their own books. The rule for answers that end early: what the provider
/// tells counts; a stream that the caller leaves is read to its end where the provider is set to <c>drain</c>, and where it is set to
/// <c>stop</c> the pieces that passed by count, with the provider's own count of the input if it came first. A refusal or a failure before
/// the answer costs nothing.
/// </summary>
public sealed class AccountingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A thousand in a full run: set <c>STOA_ACCOUNTING_CALLS</c>.</summary>
    private static readonly int Calls = int.Parse(Environment.GetEnvironmentVariable("STOA_ACCOUNTING_CALLS") ?? "150", CultureInfo.InvariantCulture);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_charged_is_what_the_providers_have_served()
    {
        await using var world = await LlmWorld.StartAsync(Script, provider: "onDisconnect: drain");
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (n, ct) => await CallAsync(world, n, ct));

        var books = LlmWorld.Shapes.Select(shape => world[shape].Books).ToArray();
        var served = (Input: books.Sum(b => b.Input), Output: books.Sum(b => b.Output), Cached: books.Sum(b => b.CacheRead));
        var charged = default((long Input, long Output, long Cached));
        try
        {
            // Streams that were left are still being read, and sums are written behind the calls.
            await Eventually.TrueAsync(
                async () =>
                {
                    charged = Of(await TotalAsync(world));
                    served = (books.Sum(b => b.Input), books.Sum(b => b.Output), books.Sum(b => b.CacheRead));
                    return charged == served;
                },
                Patience,
                "the charged tokens are those of the providers");
        }
        catch (TimeoutException)
        {
            Assert.Equal(served, charged);
        }

        var total = await TotalAsync(world);
        Assert.Equal((served.Input + (2 * served.Output)) / 1_000_000m, total.GetProperty("costUsd").GetDecimal());
        Assert.Equal(0, total.GetProperty("unpricedCalls").GetInt64());
        Assert.True(served.Output > Calls, "The calls of this test used next to nothing.");
    }

    [Fact]
    public async Task Of_a_stream_that_was_left_what_passed_by_is_charged()
    {
        await using var world = await LlmWorld.StartAsync();
        foreach (var shape in LlmWorld.Shapes)
        {
            using var response = await world.OpenAsync("/v1/chat/completions", Chat(LlmWorld.ModelOf(shape), "hang", isStream: true), Ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
            while (await lines.ReadLineAsync(Ct) is { } line && !line.Contains(" two", StringComparison.Ordinal))
            {
            }
        }

        var rows = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (rows = (await UsageAsync(world)).GetProperty("rows")).EnumerateArray().Count(r => r.GetProperty("outputTokens").GetInt64() > 0) == LlmWorld.Shapes.Count,
            Patience,
            "every abandoned stream is on the books");

        // Two pieces each, of which the model that thinks in silence sends no more.
        Assert.All(rows.EnumerateArray(), row => Assert.Equal(2, row.GetProperty("outputTokens").GetInt64()));
        Assert.All(rows.EnumerateArray(), row => Assert.True(row.GetProperty("inputTokens").GetInt64() > 0));
        var anthropic = rows.EnumerateArray().Single(r => r.GetProperty("model").GetString()!.StartsWith("anthropic", StringComparison.Ordinal));
        Assert.Equal(world[LlmShape.Anthropic].Books.Input, anthropic.GetProperty("inputTokens").GetInt64());
    }

    private static LlmTurn Script(LlmAsk ask) => ask.Conversation.Prompt switch
    {
        "fault 500" => LlmTurn.Fail(500),
        "fault 429" => LlmTurn.Fail(429, "retry-after: 60"),
        "nonsense" => new() { Raw = ("text/html", "<html>Sorry</html>") },
        "cached" when ask.Shape is not LlmShape.Mistral => LlmScript.Sensible(ask) with { CacheRead = 2 },
        _ => ask.Verb is LlmVerb.Embeddings ? new() : LlmScript.Sensible(ask),
    };

    private static async Task CallAsync(LlmWorld world, int n, CancellationToken ct)
    {
        // The same calls in every run, and every kind in front of every provider.
        var random = new Random(n);
        var model = LlmWorld.ModelOf(LlmWorld.Shapes[n % LlmWorld.Shapes.Count]);
        string[] prompts = ["Hello?", "Hello?", "cached", "Use each tool.", "fault 500", "fault 429", "nonsense", "leave", ""];
        var prompt = prompts[random.Next(prompts.Length)];
        var isStream = prompt is "leave" || random.Next(2) == 0;
        var (path, body) = random.Next(7) switch
        {
            _ when prompt.Length == 0 => ("/v1/chat/completions", "{}"),
            0 => ("/v1/embeddings", JsonSerializer.Serialize(new { model, input = prompt })),
            1 or 2 => ("/v1/messages", JsonSerializer.Serialize(new { model, max_tokens = 1 + random.Next(40), stream = isStream, messages = Messages(prompt) })),
            3 or 4 => ("/v1/responses", JsonSerializer.Serialize(new { model, stream = isStream, input = prompt })),
            _ => ("/v1/chat/completions", Chat(model, prompt, isStream)),
        };
        using var response = await world.OpenAsync(path, body, ct);
        if (prompt is not "leave")
        {
            await response.Content.ReadAsByteArrayAsync(ct);
        }
    }

    private static string Chat(string model, string prompt, bool isStream) => prompt.Contains("tool", StringComparison.Ordinal)
        ? JsonSerializer.Serialize(new
        {
            model,
            stream = isStream,
            messages = Messages(prompt),
            tools = new[] { new { type = "function", function = new { name = "get_weather", parameters = new { type = "object", properties = new { city = new { type = "string" } } } } } },
        })
        : JsonSerializer.Serialize(new { model, stream = isStream, messages = Messages(prompt) });

    private static object[] Messages(string prompt) => [new { role = "user", content = prompt }];

    private static async Task<JsonElement> UsageAsync(LlmWorld world) =>
        JsonElement.Parse(await world.Gateway.Admin.GetStringAsync($"/manage/v1/usage?namespace={LlmWorld.Tenant}&by=model&window=7d", Ct));

    private static async Task<JsonElement> TotalAsync(LlmWorld world) => (await UsageAsync(world)).GetProperty("total");

    private static (long Input, long Output, long Cached) Of(JsonElement total) =>
        (total.GetProperty("inputTokens").GetInt64(), total.GetProperty("outputTokens").GetInt64(), total.GetProperty("cachedTokens").GetInt64());
}
