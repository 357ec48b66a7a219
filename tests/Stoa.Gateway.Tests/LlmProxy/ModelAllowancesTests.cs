using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.LlmProxy;

namespace Stoa.Gateway.Tests.LlmProxy;

public class ModelAllowancesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(0.5, "1ms")]
    [InlineData(120, "120ms")]
    [InlineData(1000, "1s")]
    [InlineData(1001, "2s")]
    [InlineData(59_000, "59s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(93_599_500, "26h0m0s")]
    public void Spans_are_written_as_OpenAI_does(double milliseconds, string text) => Assert.Equal(text, ModelAllowances.Span(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void The_tightest_limit_of_each_unit_is_told()
    {
        Allowance[] allowances =
        [
            new("tenant-requests-per-minute", "requests", 1000, 900, TimeSpan.FromMinutes(1), Noon, TimeSpan.Zero) { ResetsIn = TimeSpan.FromSeconds(6) },
            new("consumer-requests-per-minute", "requests", 10, 1, TimeSpan.FromMinutes(1), Noon, TimeSpan.Zero) { ResetsIn = TimeSpan.FromSeconds(54) },
            new("consumer-tokens-per-day", "tokens", 5000, 4000, TimeSpan.FromDays(1), Noon, TimeSpan.Zero) { ResetsIn = TimeSpan.FromHours(2) },
        ];

        var openai = new DefaultHttpContext().Response;
        ModelAllowances.Tell(openai, ErrorShape.OpenAI, allowances);
        Assert.Equal(("10", "1", "54s"), Of(openai, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"));
        Assert.Equal(("5000", "4000", "2h0m0s"), Of(openai, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"));

        var anthropic = new DefaultHttpContext().Response;
        ModelAllowances.Tell(anthropic, ErrorShape.Anthropic, allowances);
        Assert.Equal(
            ("10", "1", "2026-07-01T12:00:00Z"),
            Of(anthropic, "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"));
    }

    [Fact]
    public void Without_limits_nothing_is_told()
    {
        var response = new DefaultHttpContext().Response;
        ModelAllowances.Tell(response, ErrorShape.OpenAI, []);
        Assert.Empty(response.Headers);
    }

    private static (string, string, string) Of(HttpResponse response, string one, string two, string three) =>
        (response.Headers[one].ToString(), response.Headers[two].ToString(), response.Headers[three].ToString());
}
