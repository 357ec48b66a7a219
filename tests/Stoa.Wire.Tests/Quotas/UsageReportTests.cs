using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Who used what: the sums are the calls that were made, whichever instance made them and is asked.</summary>
public sealed class UsageReportTests
{
    [Fact]
    public async Task Sums_of_two_instances_are_the_calls_that_the_upstream_saw()
    {
        var ports = TestGateway.InMemory();
        var time = RunningTime.Midday;
        await using var world = await World.StartAsync(ports: ports, time: time);
        await using var second = await TestGateway.StartAsync(ports: ports, time: time);
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");

        // Its failures must not keep the rest of the calls from the upstream.
        await world.ToolAsync("buy", "circuitBreaker: { enabled: false }");
        await world.LimitAgentAsync("requests: { perDay: 30 }, tokens: { perDay: 100000 }");
        world.UpstreamAnswers(e => e.Request.Target == "/buy" ? e.AnswerAsync(500, "application/json", "{}") : Given.Ok(e));
        using var client = second.ClientFor(world.Key);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(Task (i) => i % 2 == 0
            ? client.PostAsync("/mcp/v1/tools/look/invoke", new StringContent("{}", Encoding.UTF8, "application/json"))
            : world.InvokeAsync("buy")));
        await world.InvokeAsync("look", key: world.ReaderKey);
        await second.StopAsync();

        var tools = await UsageAsync(world, "by=tool");
        var consumers = await UsageAsync(world, "by=consumer");
        var looks = world.Upstream.Requests.Count(r => r.Target == "/look");
        Assert.Equal(30 + 1, world.Upstream.Requests.Count);
        Assert.Equal(looks, Row(tools, "tool", "look").GetProperty("calls").GetInt32());
        Assert.Equal(31 - looks, Row(tools, "tool", "buy").GetProperty("calls").GetInt32());
        Assert.Equal(31 - looks, Row(tools, "tool", "buy").GetProperty("errors").GetInt32());
        Assert.Equal(31, tools.Json.GetProperty("total").GetProperty("calls").GetInt32());
        Assert.Equal(["agent 30", "reader 1"], consumers.Json.GetProperty("rows").EnumerateArray().Select(r => $"{Quota.Text(r, "consumer")} {Quota.Text(r, "calls")}"));

        // What is reported is counted as what is limited: the books are asked once nobody holds anything of them any more.
        await world.Gateway.StopAsync();
        await using var third = await TestGateway.StartAsync(ports: ports, time: time);
        using var books = JsonDocument.Parse(await third.Admin.GetStringAsync("/manage/v1/usage?namespace=acme&consumer=agent"));
        var agent = Row(consumers, "consumer", "agent");
        var limit = books.RootElement.GetProperty("scopes")[0].GetProperty("limits").EnumerateArray().Single(l => Quota.Text(l, "counts") == "tokens");
        Assert.Equal(agent.GetProperty("inputTokens").GetInt64() + agent.GetProperty("outputTokens").GetInt64(), limit.GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task One_consumers_days_and_the_same_as_CSV()
    {
        await using var world = await World.StartAsync(time: new FakeTime());
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await world.InvokeAsync("look");
        await world.InvokeAsync("look", key: world.ReaderKey);

        var days = await UsageAsync(world, "by=day&window=7d&consumer=agent");
        var csv = await world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme&by=day&from=2026-01-01&format=csv", key: TestGateway.AdminKey);

        Assert.Equal(("2025-12-26", "2026-01-01", "agent"), (Quota.Text(days.Json, "from"), Quota.Text(days.Json, "to"), Quota.Text(days.Json, "consumer")));
        var row = Assert.Single(days.Json.GetProperty("rows").EnumerateArray());
        Assert.Equal(("2026-01-01", "1", "0.000000"), (Quota.Text(row, "day"), Quota.Text(row, "calls"), row.GetProperty("costUsd").GetRawText()));
        Assert.StartsWith("text/csv", csv.Header("content-type"), StringComparison.Ordinal);
        var lines = csv.Text.Split("\r\n");
        Assert.Equal("day,calls,errors,input_tokens,cached_tokens,output_tokens,reasoning_tokens,cost_usd,unpriced_calls,duration_seconds", lines[0]);
        Assert.Matches("^2026-01-01,2,0,[0-9]+,0,[0-9]+,0,0.000000,0,0.000$", lines[1]);
        Assert.Equal(["", ""], [lines[2], .. lines[3..].DefaultIfEmpty("")]);
    }

    [Theory]
    [InlineData("by=colour", "one of model, tool, day, consumer or provider")]
    [InlineData("window=day", "add &by=")]
    [InlineData("by=tool&window=week", "`window` is day, 7d or month")]
    [InlineData("by=tool&window=day&from=2026-01-01", "not both")]
    [InlineData("by=tool&from=yesterday", "days such as 2026-01-31")]
    [InlineData("by=tool&to=2026-01-31", "Give `from` as well")]
    [InlineData("by=tool&from=2100-01-01", "`from` is after `to`, which is today when left out")]
    [InlineData("by=tool&from=2026-02-01&to=2026-01-01", "`from` is after `to`")]
    [InlineData("by=tool&from=2020-01-01&to=2022-01-01", "at most 400 days")]
    [InlineData("by=tool&format=xml", "json or csv")]
    [InlineData("by=tool&by=day", "one of model, tool")]
    public async Task A_question_that_makes_no_sense_is_told_what_would(string query, string said)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Manage.Yaml.Tenant());

        using var response = await gateway.Admin.GetAsync($"/manage/v1/usage?namespace=acme&{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(said, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_is_the_tenants_own()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await world.InvokeAsync("look");

        var other = await world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=other&by=tool", key: TestGateway.AdminKey);
        var nobody = await world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme&by=tool&consumer=nobody", key: TestGateway.AdminKey);
        var forbidden = await world.RestAsync(HttpMethod.Get, "/manage/v1/usage?by=tool");

        Assert.Empty(other.Json.GetProperty("rows").EnumerateArray());
        Assert.Equal((404, 403), (nobody.Status, forbidden.Status));
    }

    private static Task<Reply> UsageAsync(World world, string query) =>
        world.RestAsync(HttpMethod.Get, $"/manage/v1/usage?namespace=acme&{query}", key: TestGateway.AdminKey);

    private static JsonElement Row(Reply report, string by, string name) =>
        report.Json.GetProperty("rows").EnumerateArray().Single(r => Quota.Text(r, by) == name);
}
