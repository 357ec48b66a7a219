using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Tests.Config;

namespace Stoa.Gateway.Tests.Models.Prices;

/// <summary>What a model costs: the tenant's own prices, the table, its dates; and what a call comes to.</summary>
public sealed class PriceBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly PriceBook Shipped = new(PriceTable.Shipped);

    [Theory]
    [InlineData("gpt-4o", 2.5)]
    [InlineData("gpt-4o-2024-08-06", 2.5)]
    [InlineData("gpt-4o-2024-05-13", 5.0)]
    [InlineData("gpt-4o-mini", 0.15)]
    [InlineData("gpt-4o-mini-2024-07-18", 0.15)]
    [InlineData("gpt-4o-realtime-preview", null)]
    [InlineData("gpt-9", null)]
    [InlineData("", null)]
    public void Versions_by_date_cost_what_their_model_costs_and_other_names_nothing_is_guessed_of(string model, double? input) =>
        Assert.Equal((decimal?)input, Shipped.Find(Of(ProviderType.OpenAI), model, Now)?.Input);

    [Fact]
    public void Every_spelling_of_a_version_is_read()
    {
        Assert.Equal(3m, Shipped.Find(Of(ProviderType.Anthropic), "claude-sonnet-4-5-20250929", Now)!.Input);
        Assert.Equal(3m, Shipped.Find(Of(ProviderType.Anthropic), "claude-3-7-sonnet-latest", Now)!.Input);
        Assert.Equal(0.3m, Shipped.Find(Of(ProviderType.Mistral), "codestral-2508", Now)!.Input);
        Assert.Equal(0.3m, Shipped.Find(Of(ProviderType.Gemini), "gemini-2.5-flash-001", Now)!.Input);
        Assert.Equal(2.5m, Shipped.Find(Of(ProviderType.AzureOpenAI), "gpt-4o", Now)!.Input);
        Assert.Null(Shipped.Find(Of(ProviderType.OpenAICompatible), "gpt-4o", Now));
        Assert.Null(Shipped.Find(Of(ProviderType.Mistral), "gpt-4o", Now));
    }

    [Fact]
    public void A_price_holds_from_its_day_on()
    {
        Assert.Equal(0.2m, Shipped.Find(Of(ProviderType.Anthropic), "claude-sonnet-5-5", new(2026, 10, 6, 23, 59, 59, TimeSpan.Zero))!.CacheRead);
        Assert.Equal(0.1m, Shipped.Find(Of(ProviderType.Anthropic), "claude-sonnet-5-5", new(2026, 10, 7, 0, 0, 0, TimeSpan.Zero))!.CacheRead);
    }

    [Fact]
    public void The_tenants_own_price_goes_before_and_its_nearest_pattern_before_others()
    {
        var provider = Of(ProviderType.OpenAI, Own("*", 9), Own("gpt-*", 8), Own("gpt-4o*", 7), Own("gpt-4o", 0));

        Assert.Equal([0m, 7, 8, 9], ((string[])["gpt-4o", "gpt-4o-mini", "gpt-5", "o3"]).Select(m => Shipped.Find(provider, m, Now)!.Input));
    }

    [Fact]
    public void The_table_makes_sense()
    {
        var table = PriceTable.Shipped();

        Assert.All(table.Models, m => Assert.True(m.Input > 0 && m.Output >= 0 && m.Models.Count > 0, m.Models[0]));
        Assert.All(table.Models, m => Assert.True((m.CacheRead ?? 0) <= m.Input && (m.CacheWrite ?? m.Input) >= m.Input, m.Models[0]));
        Assert.All(table.Models, m => Assert.True(m.Long is null || (m.Long.Input > m.Input && m.Long.Output > m.Output), m.Models[0]));
        Assert.All(table.Models, m => Assert.True(m.MaxOutputTokens is null || m.MaxOutputTokens <= m.ContextTokens, m.Models[0]));
        Assert.Empty(table.Models.SelectMany(m => m.Models.Select(n => (m.Provider, n, m.From))).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Equal(["anthropic", "gemini", "mistral", "openai"], table.Sources.Keys.Order(StringComparer.Ordinal));
        Assert.All(table.Sources.Values, url => Assert.StartsWith("https://", url, StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_costs_the_sum_of_its_parts_each_at_its_own_price()
    {
        var price = new Price(3, 15) { CacheRead = 0.3m, CacheWrite = 3.75m, CacheWriteHour = 6, AudioInput = 40, AudioOutput = 80 };
        var usage = new TokenUsage(1000, 200) { CacheRead = 100, CacheWrite = 60, CacheWriteHour = 20, AudioInput = 40, AudioOutput = 10, Reasoning = 50 };

        // 800 plain, 100 read, 40 written, 20 written for an hour, 40 audio; 190 text and 10 audio out.
        Assert.Equal((800 * 3) + 30 + 150 + 120 + 1600 + (190 * 15) + 800, Cost.Of(usage, price));
    }

    [Fact]
    public void A_part_without_a_price_costs_what_its_whole_costs()
    {
        var usage = new TokenUsage(1000, 200) { CacheRead = 100, CacheWrite = 60, CacheWriteHour = 20, AudioInput = 40, AudioOutput = 10 };

        Assert.Equal(3000 + 3000, Cost.Of(usage, new Price(3, 15)));
        Assert.Equal(Cost.Of(usage, new Price(3, 15) { CacheWrite = 4 }), Cost.Of(usage, new Price(3, 15) { CacheWrite = 4, CacheWriteHour = 4 }));
    }

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0.49, 0)]
    [InlineData(3, 0.5, 2)]
    [InlineData(5, 0.5, 3)]
    public void The_sum_is_rounded_once_half_up(long tokens, double price, long microUsd) =>
        Assert.Equal(microUsd, Cost.Of(new TokenUsage(tokens, 0), new Price((decimal)price, 0)));

    [Fact]
    public void A_long_request_costs_its_own_price_whole()
    {
        var price = new Price(1, 10) { LongOver = 100, Long = new(2, 15) };

        Assert.Equal(100 + 10, Cost.Of(new TokenUsage(100, 1), price));
        Assert.Equal(202 + 15, Cost.Of(new TokenUsage(101, 1), price));
    }

    [Fact]
    public void Parts_beyond_their_whole_cost_no_more_than_they_are()
    {
        var usage = new TokenUsage(10, 5) { CacheRead = 10, AudioInput = 10, AudioOutput = 50 };

        Assert.Equal(10 + (5 * 80), Cost.Of(usage, new Price(3, 15) { CacheRead = 1, AudioInput = 40, AudioOutput = 80 }));
    }

    [Fact]
    public void What_is_reserved_is_never_less_than_what_is_charged()
    {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            decimal? Any() => random.Next(2) == 0 ? null : random.Next(1, 10_000) / 1000m;
            var price = new Price(random.Next(1, 5000) / 1000m, random.Next(1, 20_000) / 1000m) { CacheRead = Any(), CacheWrite = Any(), CacheWriteHour = Any(), AudioInput = Any(), AudioOutput = Any() };
            price = random.Next(3) == 0 ? price with { LongOver = 500, Long = price with { Input = price.Input * 2 } } : price;
            var input = random.Next(0, 1000);
            var read = random.Next(0, input + 1);
            var write = random.Next(0, input - read + 1);
            var usage = new TokenUsage(input, random.Next(0, 1000)) { CacheRead = read, CacheWrite = write, CacheWriteHour = random.Next(0, write + 1), AudioInput = random.Next(0, input + 1), AudioOutput = random.Next(0, 1000) };

            Assert.True(Cost.Dearest(price).MicroUsd(usage.Input, usage.Output) >= Cost.Of(usage, price), $"{usage} {price}");
        }
    }

    private static ModelPrice Own(string model, decimal input) => new(model, input, 0, null, null, null, null, null);

    private static Provider Of(ProviderType type, params ModelPrice[] prices)
    {
        var spec = ModelJson.Provider(System.Text.Encoding.UTF8.GetBytes(
            """{"type":"openai","unknownPrice":"report","onDisconnect":"stop","timeouts":{"firstByte":"1s","idle":"1s","total":"1s"},"circuitBreaker":{"enabled":true,"failures":1,"window":"1s","openFor":"1s"},"enabled":true}"""));
        return new("p", "u", spec with { Type = type, Prices = prices }, new Revision(ConfigBench.Acme, 1, "t", []));
    }
}
