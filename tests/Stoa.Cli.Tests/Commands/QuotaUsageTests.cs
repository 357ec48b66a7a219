namespace Stoa.Cli.Tests.Commands;

/// <summary><c>stoa usage</c>: limits and sums as tables and for programs.</summary>
public sealed class QuotaUsageTests
{
    private const string Limits = """
        apiVersion: gostoa.dev/v1alpha1
        kind: QuotaPolicy
        metadata: { name: small, namespace: acme }
        spec: { requests: { perDay: 10 }, budget: { usdPerMonth: 2.5 }, maxConcurrentRequests: 2 }
        ---
        apiVersion: gostoa.dev/v1alpha1
        kind: Tenant
        metadata: { name: acme }
        spec: { quotaPolicyRef: { name: small } }
        """;

    [Fact]
    public async Task It_shows_how_limits_stand_and_what_was_used()
    {
        await using var world = await World.StartAsync(e => e.AnswerJsonAsync("""{"ok":true}"""), new NoonTime());
        await world.Gateway.ApplyAsync(Limits);
        using (var consumer = world.Gateway.ClientFor(await world.Gateway.IssueKeyAsync("acme", "agent")))
        {
            for (var i = 0; i < 3; i++)
            {
                using var response = await consumer.PostAsync("/mcp/v1/tools/get_weather/invoke", new StringContent("""{"arguments":{"city":"Bern"}}""", System.Text.Encoding.UTF8, "application/json"));
                Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
            }
        }

        var limits = (await world.Shell.RunAsync("usage")).Succeeded().Split('\n');
        var tools = (await world.Shell.RunAsync("usage", "--by", "tool", "--window", "day")).Succeeded().Split('\n');
        var json = (await world.Shell.RunAsync("usage", "--by", "consumer", "-o", "json")).Succeeded();

        Assert.Matches("^SCOPE +NAME +LIMIT +USED +HELD +ALLOWED +RESETS$", limits[0]);
        Assert.Matches("^tenant +requests per day +[0-9]+ +[0-9]+ +10 +20", limits[1]);
        Assert.Matches("^tenant +USD per month +0.000000 +0.000000 +2.500000", limits[2]);
        Assert.Matches("^tenant +concurrent requests", limits[3]);
        Assert.Matches("^TOOL +CALLS +ERRORS +INPUT +CACHED +OUTPUT +REASONING +COST USD +UNPRICED$", tools[0]);
        Assert.Matches("^get_weather +3 +0 +[0-9]+ +0 +[0-9]+ +0 +0.000000 +0$", tools[1]);
        Assert.Matches("^total +3 ", tools[2]);
        Assert.Equal(3, System.Text.Json.JsonElement.Parse(json).GetProperty("total").GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task Nothing_used_and_nothing_limited_are_said_in_words()
    {
        await using var world = await World.StartAsync();

        Assert.Contains("Nothing limits this tenant", (await world.Shell.RunAsync("usage")).Err, StringComparison.Ordinal);
        Assert.Contains("Nothing was used from 20", (await world.Shell.RunAsync("usage", "--by", "model")).Err, StringComparison.Ordinal);
        Assert.Contains("`from` is after `to`", (await world.Shell.RunAsync("usage", "--by", "model", "--from", "2026-02-02", "--to", "2026-01-01")).Err, StringComparison.Ordinal);
        Assert.Contains("colour", (await world.Shell.RunAsync("usage", "--by", "colour")).Err, StringComparison.Ordinal);
        Assert.Contains("Say by what usage is summed: --by model", (await world.Shell.RunAsync("usage", "--window", "day")).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_the_environment_that_may_not_manage_is_named_rather_than_the_login_that_it_hides()
    {
        await using var world = await World.StartAsync();
        await world.BecomeConsumerAsync();

        Assert.Contains("STOA_KEY gave this key, before the stored login", (await world.Shell.RunAsync("usage")).Failed(3), StringComparison.Ordinal);
        Assert.Contains("--key gave this key, before the stored login", (await world.Shell.RunAsync("usage", "--key", "stoa_sk_unknown")).Failed(3), StringComparison.Ordinal);
    }

    /// <summary>Goes on from a noon: what one day used is not split by midnight.</summary>
    private sealed class NoonTime : TimeProvider
    {
        private readonly TimeSpan _ahead = TimeSpan.FromHours(12) - System.GetUtcNow().TimeOfDay;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
    }
}
