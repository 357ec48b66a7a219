using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>Reading resources: pages, entity tags, and what is not there.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        await _gateway.ApplyAsync(Yaml.All([Yaml.Tenant(), .. Enumerable.Range(1, 7).Select(i => Yaml.Tool($"tool_{i}"))]));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 3)]
    [InlineData(7, 1)]
    [InlineData(500, 1)]
    public async Task Pages_hold_every_resource_once_in_order(int limit, int pages)
    {
        var read = await PagesAsync($"/manage/v1/tools?namespace=acme&limit={limit}");

        Assert.Equal(pages, read.Count);
        Assert.Equal(Enumerable.Range(1, 7).Select(i => $"tool_{i}"), read.SelectMany(p => p));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Tenants_are_paged_too(int limit)
    {
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant("globex"), Yaml.Tenant("initech"), Yaml.Tenant("umbrella")));
        await _gateway.Admin.RemoveAsync("/manage/v1/tenants/initech");

        var read = await PagesAsync($"/manage/v1/tenants?limit={limit}");

        Assert.All(read, page => Assert.InRange(page.Length, 0, limit));
        Assert.Equal(["acme", "globex", "umbrella"], read.SelectMany(p => p));
    }

    [Fact]
    public async Task A_page_goes_on_where_the_last_one_ended_although_that_resource_is_gone()
    {
        var first = await _gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme&limit=3");
        await _gateway.Admin.RemoveAsync("/manage/v1/tools/tool_3?namespace=acme");

        var second = await _gateway.Admin.ReadAsync($"/manage/v1/tools?namespace=acme&limit=3&continue={first.Body.GetProperty("continue")}");

        Assert.Equal(["tool_4", "tool_5", "tool_6"], second.Names);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("continue=%00")]
    [InlineData("continue=a=b")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        var reply = await _gateway.Admin.ReadAsync($"/manage/v1/tools?namespace=acme&{query}");

        Assert.Equal("400 malformed_request: limit must be 1 to 500, and continue a value from an earlier page.", reply.Refusal);
    }

    [Theory]
    [InlineData("tools?namespace=acme&continue=AAAA")]
    [InlineData("tenants?continue=AAAA")]
    [InlineData("tenants?continue=L2EvYi8KCgo")]
    [InlineData("tenants?continue=_____w")]
    public async Task A_made_up_continuation_does_no_harm(string path)
    {
        var reply = await _gateway.Admin.ReadAsync("/manage/v1/" + path);

        Assert.InRange(reply.Status, 200, 400);
    }

    [Fact]
    public async Task A_resource_comes_with_its_tag_and_is_not_sent_twice()
    {
        const string Path = "/manage/v1/tools/tool_1?namespace=acme";
        var read = await _gateway.Admin.ReadAsync(Path);
        var tag = read.Headers.ETag!.ToString();

        Assert.Equal($"\"{read.Body.GetProperty("metadata").GetProperty("resourceVersion")}\"", tag);
        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var again = await _gateway.Admin.ReadAsync(Path, ("If-None-Match", known));
            Assert.Equal((304, "", tag), (again.Status, again.Text, again.Headers.ETag!.ToString()));
        }

        await _gateway.ApplyAsync(Yaml.Tool("tool_1", more: "timeout: 3s"));
        Assert.Equal(200, (await _gateway.Admin.ReadAsync(Path, ("If-None-Match", tag))).Status);
    }

    [Theory]
    [InlineData("tools/nothing?namespace=acme", "404 not_found: There is no Tool 'nothing'.")]
    [InlineData("tools/nothing?namespace=globex", "404 not_found: There is no tenant 'globex'.")]
    [InlineData("tools?namespace=NOT-A-SLUG", "404 not_found: There is no tenant 'NOT-A-SLUG'.")]
    [InlineData("tenants/globex", "404 not_found: There is no tenant 'globex'.")]
    [InlineData("tenants/globex/revisions", "404 not_found: There is no tenant 'globex'.")]
    [InlineData("consumers/acme/nobody/keys", "404 not_found: There is no Consumer 'nobody' in tenant 'acme'.")]
    [InlineData("gadgets", "404 not_found: There is no kind 'gadgets'. Known: tenants, consumers, quotapolicies, plans, subscriptions, secrets, tools, toolsets, llmproviders, llmroutes.")]
    [InlineData("tools", "400 malformed_request: Name the tenant: add ?namespace=<tenant>.")]
    [InlineData("", "404 not_found: There is nothing at this URL.")]
    public async Task What_is_not_there_is_said_so(string path, string refusal)
    {
        Assert.Equal(refusal, (await _gateway.Admin.ReadAsync("/manage/v1/" + path)).Refusal);
    }

    [Fact]
    public async Task An_answer_is_written_as_people_read_it()
    {
        var refusal = await _gateway.Admin.ReadAsync("/manage/v1/tools/nothing?namespace=acme");
        var report = await _gateway.Admin.ApplyAsync(Yaml.Consumer(spec: "{ scope: [] }"));

        Assert.Contains("There is no Tool 'nothing'.", refusal.Text);
        Assert.Contains("`scopes`", report.Text);
    }

    [Fact]
    public async Task Another_method_is_told_what_the_URL_has()
    {
        var reply = await _gateway.Admin.AskAsync(HttpMethod.Put, "/manage/v1/tools/tool_1", "{}");

        Assert.Equal("405 method_not_allowed: Use GET, DELETE on this URL.", reply.Refusal);
    }

    [Fact]
    public async Task Schemas_are_there_for_editors()
    {
        var all = await _gateway.Admin.ReadAsync("/manage/v1/schemas");
        var tool = await _gateway.Admin.ReadAsync("/manage/v1/schemas/tool");
        var none = await _gateway.Admin.ReadAsync("/manage/v1/schemas/gadget");

        Assert.Equal((200, 200), (all.Status, tool.Status));
        Assert.Contains("inputSchema", tool.Text);
        Assert.Equal("404 not_found: There is no kind 'gadget'. Known kinds: tenant, consumer, quotapolicy, plan, subscription, secret, tool, toolset, llmprovider, llmroute.", none.Refusal);
    }

    private async Task<List<string[]>> PagesAsync(string path)
    {
        var pages = new List<string[]>();
        var next = "";
        do
        {
            var reply = await _gateway.Admin.ReadAsync(path + next);
            pages.Add(reply.Names);
            next = reply.Body.TryGetProperty("continue", out var token) ? $"&continue={token}" : "";
        }
        while (next.Length > 0 && pages.Count < 50);
        return pages;
    }
}
