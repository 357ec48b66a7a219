using System.Globalization;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>What callers are told of their limits, on every door.</summary>
public sealed class QuotaAnswerTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(time: _time);
        await _world.ToolAsync("look");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_call_that_passes_is_told_what_is_left()
    {
        await _world.LimitAgentAsync("requests: { perMinute: 10, perDay: 1000 }, tokens: { perHour: 500 }");

        var rest = await _world.InvokeAsync("look");
        var mcp = await _world.Modern().CallAsync("look");

        Assert.Equal("\"consumer-requests-per-minute\";q=10;w=60, \"consumer-tokens-per-hour\";q=500;qu=\"tokens\";w=3600", rest.Header("RateLimit-Policy"));
        Assert.StartsWith("\"consumer-requests-per-minute\";r=9;t=6", rest.Header("RateLimit"), StringComparison.Ordinal);
        Assert.StartsWith("\"consumer-requests-per-minute\";r=8;t=6", mcp.IsResult().Header("RateLimit"), StringComparison.Ordinal);
        Assert.Equal(("10", "9", "8"), (rest.Header("X-RateLimit-Limit"), rest.Header("X-RateLimit-Remaining"), mcp.Header("X-RateLimit-Remaining")));
        var reset = DateTimeOffset.FromUnixTimeSeconds(long.Parse(rest.Header("X-RateLimit-Reset")!, CultureInfo.InvariantCulture));
        Assert.InRange(reset - _time.GetUtcNow(), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(67));
    }

    [Fact]
    public async Task The_rest_door_refuses_with_429_and_all_that_a_program_needs_to_come_back()
    {
        await _world.LimitAgentAsync("requests: { perMinute: 1 }");
        await _world.InvokeAsync("look");
        _time.Advance(TimeSpan.FromSeconds(10));

        var refused = await _world.InvokeAsync("look");

        Assert.Equal("429 quota_exceeded consumer requests_per_minute 1", refused.Refusal());
        var seconds = refused.Json.GetProperty("retry_after_seconds").GetInt32();
        Assert.InRange(seconds, 50, 52);
        Assert.Equal(seconds.ToString(CultureInfo.InvariantCulture), refused.Header("Retry-After"));
        var resetAt = refused.Json.GetProperty("quota_reset_at").GetDateTimeOffset();
        Assert.InRange(resetAt - _time.GetUtcNow(), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(seconds));
        Assert.Equal($"This consumer has used up its limit of 1 requests per minute. Try again in {seconds} s.", refused.Json.GetProperty("message").GetString());
        Assert.Equal(("1", "0"), (refused.Header("X-RateLimit-Limit"), refused.Header("X-RateLimit-Remaining")));
        Assert.StartsWith("\"consumer-requests-per-minute\";r=0;t=5", refused.Header("RateLimit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_used_and_left_of_the_minute_and_the_day_are_told_and_only_ever_grow()
    {
        await _world.LimitAgentAsync("tokens: { perMinute: 100, perDay: 1000 }");

        var first = await _world.InvokeAsync("look");
        await Eventually.TrueAsync(
            async () => (await _world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme", key: TestGateway.AdminKey)).Used("consumer", "tokens", "day") is not "1/1000",
            TimeSpan.FromSeconds(30), "the answer is charged, too");
        var second = await _world.InvokeAsync("look");

        foreach (var (reply, name, limit) in new[] { (first, "Minute", "100"), (first, "Day", "1000"), (second, "Minute", "100"), (second, "Day", "1000") })
        {
            var (used, left) = (long.Parse(reply.Header($"X-Quota-Tokens-Used-{name}")!, CultureInfo.InvariantCulture), long.Parse(reply.Header($"X-Quota-Tokens-Remaining-{name}")!, CultureInfo.InvariantCulture));
            Assert.Equal(limit, reply.Header($"X-Quota-Tokens-Limit-{name}"));
            Assert.InRange(used + left, 1, long.Parse(limit, CultureInfo.InvariantCulture));
            Assert.InRange(used, ReferenceEquals(reply, first) ? 1 : 5, 20);
        }
    }

    [Theory]
    [InlineData(Revision.Modern)]
    [InlineData(Revision.V202503)]
    public async Task Mcp_refuses_with_its_own_error_that_says_the_same(string revision)
    {
        await _world.LimitAgentAsync("requests: { perMinute: 1 }");
        await _world.InvokeAsync("look");

        var refused = await _world.Agent(revision).CallAsync("look");

        refused.Is(429, -31022);
        var data = refused.Error.GetProperty("data");
        Assert.Equal("quota_exceeded consumer requests_per_minute 1", $"{data.GetProperty("error")} {data.GetProperty("scope")} {data.GetProperty("limit")} {data.GetProperty("allowed")}");
        Assert.Equal(data.GetProperty("retry_after_seconds").ToString(), refused.Header("Retry-After"));
        Assert.True(data.GetProperty("quota_reset_at").GetDateTimeOffset() > _time.GetUtcNow());
        Assert.Equal("0", refused.Header("X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task Listing_is_not_limited()
    {
        await _world.LimitAgentAsync("requests: { perDay: 1 }");
        await _world.InvokeAsync("look");
        Assert.Equal(429, (await _world.InvokeAsync("look")).Status);

        Assert.Equal(200, (await _world.Modern().ListAsync()).Status);
        Assert.Equal(200, (await _world.RestAsync(HttpMethod.Get, "/mcp/v1/tools")).Status);
    }

    [Fact]
    public async Task Without_a_policy_nothing_is_told()
    {
        var rest = await _world.InvokeAsync("look");
        var mcp = await _world.Modern().CallAsync("look");

        Assert.Equal((200, 200), (rest.Status, mcp.Status));
        Assert.DoesNotContain(rest.Headers.Concat(mcp.Headers), h => h.Key.Contains("RateLimit", StringComparison.OrdinalIgnoreCase));
    }
}
