using System.Net;
using System.Text;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>Answers of read-only tools are given again while they are good: to whom they belong, and to nobody else.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private const string Private = "cache: { ttl: 30s }\ninputSchema: { type: object }";
    private const string Public = "cache: { ttl: 30s, cacheScope: public }\ninputSchema: { type: object }";

    private readonly FakeTime _time = new();
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(time: _time);
        _world.UpstreamAnswers(exchange => exchange.AnswerJsonAsync($$"""{"asked":{{exchange.Request.Number}}}"""));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private int Asked => _world.Upstream.Requests.Count;

    [Fact]
    public async Task A_repeated_read_does_not_reach_the_endpoint_until_its_time_is_over()
    {
        await _world.ToolAsync("read", Private);

        var first = await _world.InvokeAsync("read", """{"a":1}""");
        _time.Advance(TimeSpan.FromSeconds(29));
        var second = await _world.InvokeAsync("read", """{"a":1}""");
        _time.Advance(TimeSpan.FromSeconds(1));
        var third = await _world.InvokeAsync("read", """{"a":1}""");

        Assert.Equal(first.Text, second.Text);
        Assert.NotEqual(first.Text, third.Text);
        Assert.Equal(("miss", "hit", "miss"), (first.Header("x-stoa-cache"), second.Header("x-stoa-cache"), third.Header("x-stoa-cache")));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task Mcp_and_rest_share_answers_and_both_tell_of_a_hit()
    {
        await _world.ToolAsync("read", Private);

        var mcp = await _world.Modern().CallAsync("read");
        var rest = await _world.InvokeAsync("read");
        var again = await _world.Modern().CallAsync("read");

        Assert.Equal(("miss", "hit", "hit"), (mcp.Header("x-stoa-cache"), rest.Header("x-stoa-cache"), again.Header("x-stoa-cache")));
        Assert.Equal(mcp.ToolText, again.ToolText);
        Assert.Equal(1, Asked);
    }

    [Fact]
    public async Task The_order_of_members_does_not_matter_and_values_do()
    {
        await _world.ToolAsync("read", Private);
        string[] same = ["""{"a":{"x":1,"y":[1,2]},"b":"é"}""", """{ "b":"\u00e9", "a":{"y":[1,2],"x":1} }"""];
        string[] others = ["""{"a":{"x":1,"y":[2,1]},"b":"é"}""", """{"a":{"x":"1","y":[1,2]},"b":"é"}""", """{"a":{"x":1,"y":[1,2]},"b":"É"}""", """{"a":{"x":1,"y":[1,2]},"b":"é","c":null}""", """{"a,b":"é"}"""];

        foreach (var arguments in same)
        {
            await _world.InvokeAsync("read", arguments);
        }

        Assert.Equal(1, Asked);
        foreach (var arguments in others)
        {
            Assert.Equal("miss", (await _world.InvokeAsync("read", arguments)).Header("x-stoa-cache"));
        }
    }

    [Fact]
    public async Task A_private_answer_goes_to_the_consumer_that_asked_with_whichever_key()
    {
        await _world.ToolAsync("read", Private);
        await _world.InvokeAsync("read");
        var secondKey = await _world.IssueKeyAsync("agent");

        Assert.Equal("hit", (await _world.InvokeAsync("read", key: secondKey)).Header("x-stoa-cache"));
        Assert.Equal("miss", (await _world.InvokeAsync("read", key: _world.ReaderKey)).Header("x-stoa-cache"));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task A_consumer_created_again_under_the_same_name_inherits_nothing()
    {
        await _world.ToolAsync("read", Private);
        await _world.InvokeAsync("read", key: _world.ReaderKey);
        using var deleted = await _world.Gateway.Admin.DeleteAsync("/manage/v1/consumers/reader?namespace=acme");
        await _world.ApplyAsync(Given.Consumer("reader"));
        var key = await _world.IssueKeyAsync("reader");

        Assert.Equal("miss", (await _world.InvokeAsync("read", key: key)).Header("x-stoa-cache"));
    }

    [Fact]
    public async Task A_public_answer_goes_to_every_consumer_of_the_tenant_that_may_use_the_tool_and_to_no_other_tenant()
    {
        await _world.ToolAsync("read", Public);
        await _world.ToolAsync("read", Public, tenant: "other");
        await _world.InvokeAsync("read");
        var narrow = await _world.IssueKeyAsync("agent", """{"tools":["elsewhere"]}""");

        Assert.Equal("hit", (await _world.InvokeAsync("read", key: _world.ReaderKey)).Header("x-stoa-cache"));
        Assert.Equal(404, (await _world.InvokeAsync("read", key: narrow)).Status);
        Assert.Equal("miss", (await _world.InvokeAsync("read", key: _world.OtherKey)).Header("x-stoa-cache"));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task A_public_answer_that_a_template_made_for_its_caller_stays_with_the_caller()
    {
        await _world.ToolAsync("read", Public + "\nrequestTransform: { queryParams: [{ name: for, valueFrom: .context.consumer }] }");
        await _world.InvokeAsync("read");

        Assert.Equal("hit", (await _world.InvokeAsync("read")).Header("x-stoa-cache"));
        Assert.Equal("miss", (await _world.InvokeAsync("read", key: _world.ReaderKey)).Header("x-stoa-cache"));
        Assert.Equal(["/read?for=agent", "/read?for=reader"], _world.Upstream.Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("secret")]
    [InlineData("deleted tool")]
    [InlineData("tenant")]
    public async Task A_change_of_the_tool_or_of_what_it_uses_ends_what_was_kept(string what)
    {
        const string Spec = Private + "\nauth: { type: bearer, bearer: { secretRef: { name: crm, key: key } } }";
        await _world.ApplyAsync(Given.Secret("crm", "key", "first-value-of-it"));
        await _world.ToolAsync("read", Spec);
        await _world.InvokeAsync("read");
        var key = _world.Key;
        switch (what)
        {
            case "tool":
                await _world.ToolAsync("read", Spec + "\ndisplayName: Other");
                break;
            case "secret":
                await _world.ApplyAsync(Given.Secret("crm", "key", "second-value-of-it"));
                break;
            case "deleted tool":
                (await _world.Gateway.Admin.DeleteAsync("/manage/v1/tools/read?namespace=acme")).Dispose();
                await _world.ToolAsync("read", Spec);
                break;
            default:
                (await _world.Gateway.Admin.DeleteAsync("/manage/v1/tenants/acme")).Dispose();
                await _world.ApplyAsync(Given.Tenant("acme"), Given.Consumer("agent", "scopes: [stoa:write]"), Given.Secret("crm", "key", "first-value-of-it"));
                await _world.ToolAsync("read", Spec);
                key = await _world.IssueKeyAsync("agent");
                break;
        }

        Assert.Equal("miss", (await _world.InvokeAsync("read", key: key)).Header("x-stoa-cache"));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task A_change_elsewhere_in_the_tenant_leaves_answers_good()
    {
        await _world.ToolAsync("read", Private);
        await _world.InvokeAsync("read");
        await _world.ToolAsync("unrelated");

        Assert.Equal("hit", (await _world.InvokeAsync("read")).Header("x-stoa-cache"));
    }

    [Theory]
    [InlineData(500, "application/json", "{}")]
    [InlineData(404, "application/json", "{}")]
    [InlineData(200, "application/json", "{")]
    [InlineData(200, "application/octet-stream", "x")]
    public async Task Errors_are_not_kept(int status, string type, string body)
    {
        await _world.ToolAsync("read", Private);
        _world.UpstreamAnswers(status, type, body);

        Assert.True((await _world.InvokeAsync("read")).Json.GetProperty("isError").GetBoolean());
        Assert.Equal("miss", (await _world.InvokeAsync("read")).Header("x-stoa-cache"));
    }

    [Theory]
    [InlineData("text/plain", "words")]
    [InlineData("image/png", "not really")]
    public async Task Text_and_media_are_kept_as_they_came(string type, string body)
    {
        await _world.ToolAsync("read", Private);
        _world.UpstreamAnswers(200, type, body);

        var first = await _world.InvokeAsync("read");
        var second = await _world.InvokeAsync("read");

        Assert.Equal("hit", second.Header("x-stoa-cache"));
        Assert.Equal(first.Text, second.Text);
    }

    [Fact]
    public async Task A_large_answer_is_not_kept()
    {
        await _world.ToolAsync("read", Private + "\nmaxResponseBytes: 4MiB");
        _world.UpstreamAnswers(200, "text/plain", new string('x', 2 * 1024 * 1024));

        await _world.InvokeAsync("read");

        Assert.Equal("miss", (await _world.InvokeAsync("read")).Header("x-stoa-cache"));
    }

    [Theory]
    [InlineData("no-cache", "bypass", "hit", 2)]
    [InlineData("max-age=0, no-store", "bypass", "hit", 2)]
    [InlineData("max-age=60", "hit", "hit", 1)]
    public async Task A_caller_may_want_the_endpoint_asked(string control, string first, string second, int asked)
    {
        await _world.ToolAsync("read", Private);
        await _world.InvokeAsync("read");

        Assert.Equal(first, (await InvokeAsync("read", "Cache-Control", control)).Header("x-stoa-cache"));
        Assert.Equal(second, (await _world.InvokeAsync("read")).Header("x-stoa-cache"));
        Assert.Equal(asked, Asked);
    }

    [Fact]
    public async Task What_is_not_to_be_stored_is_not()
    {
        await _world.ToolAsync("read", Private);

        await InvokeAsync("read", "Cache-Control", "no-store");

        Assert.Equal("miss", (await _world.InvokeAsync("read")).Header("x-stoa-cache"));
    }

    [Fact]
    public async Task A_tool_without_a_cache_says_nothing_of_it()
    {
        await _world.ToolAsync("plain");

        Assert.Null((await _world.InvokeAsync("plain")).Header("x-stoa-cache"));
        Assert.Null((await _world.InvokeAsync("plain")).Header("x-stoa-cache"));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task A_tool_that_changes_things_cannot_have_one()
    {
        var reply = await Manage.Requests.ApplyAsync(_world.Gateway.Admin, Given.Tool("write", $"{_world.Upstream.Url}write", "method: POST\ncache: { ttl: 30s }"));

        Assert.Contains("Only a tool that changes nothing is cached.", reply.Faults());
    }

    private async Task<Reply> InvokeAsync(string tool, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/mcp/v1/tools/{tool}/invoke") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await _world.Client(_world.Key).SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(200, response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
    }
}
