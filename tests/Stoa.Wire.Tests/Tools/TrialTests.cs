using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>A tool is seen at work before anybody calls it: what it sends, what comes back, what becomes of it. Secrets are not seen.</summary>
public sealed class TrialTests(World world) : IClassFixture<World>
{
    private const string Secret = "s3cr+t/ü \"x\"";

    [Fact]
    public async Task A_tool_that_reads_is_tried_for_real()
    {
        world.UpstreamAnswers(200, "application/json", """{"temp":21}""", "X-Request-Id: r-1", "Set-Cookie: a=b");
        await world.ToolAsync("trial_read", Given.CityInput);

        var reply = await TestAsync("trial_read", """{"arguments":{"city":"Rome"}}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal((true, 1, false), (reply.Body.GetProperty("sent").GetBoolean(), reply.Body.GetProperty("attempts").GetInt32(), reply.Body.GetProperty("isError").GetBoolean()));
        Assert.Equal(("GET", $"{world.Upstream.Url}trial_read?city=Rome"), (Text(reply, "request", "method"), Text(reply, "request", "url")));
        Assert.Equal("""{"temp":21}""", reply.Body.GetProperty("response").GetProperty("body").GetRawText());
        Assert.Equal("""{"temp":21}""", reply.Body.GetProperty("result").GetRawText());
        var headers = reply.Body.GetProperty("response").GetProperty("headers");
        Assert.Equal("r-1", headers.GetProperty("X-Request-Id").GetString());
        Assert.False(headers.TryGetProperty("Set-Cookie", out _));
        Assert.Empty(reply.Body.GetProperty("findings").EnumerateArray());
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"send":false}""", false)]
    [InlineData("""{"send":true}""", true)]
    public async Task A_tool_that_changes_things_is_sent_only_when_asked(string body, bool isSent)
    {
        world.UpstreamAnswers(Given.Ok);
        await world.ToolAsync("trial_write", "method: POST");
        var before = world.Upstream.Requests.Count;

        var reply = await TestAsync("trial_write", body);

        Assert.Equal((isSent, isSent), (reply.Body.GetProperty("sent").GetBoolean(), world.Upstream.Requests.Count > before));
        Assert.Equal("POST", Text(reply, "request", "method"));
        Assert.Equal(isSent, reply.Body.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_are_findings_and_nothing_is_sent()
    {
        await world.ToolAsync("trial_city", Given.CityInput);
        var before = world.Upstream.Requests.Count;

        var reply = await TestAsync("trial_city", """{"arguments":{"city":"R"}}""");

        Assert.Equal("/city", Assert.Single(reply.Body.GetProperty("findings").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal((false, before), (reply.Body.GetProperty("sent").GetBoolean(), world.Upstream.Requests.Count));
        Assert.Equal("The arguments do not fit the tool.", reply.Body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_unpublished_tool_is_tried_and_nothing_is_stored()
    {
        world.UpstreamAnswers(Given.Ok);
        var revisions = await world.Gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions");
        var document = Given.Secret("trial-new", "key", "unpublished-value") + "---\n" + Given.Tool(
            "trial_new", $"{world.Upstream.Url}new", "auth: { type: bearer, bearer: { secretRef: { name: trial-new, key: key } } }");

        var reply = await TestAsync("trial_new", JsonSerializer.Serialize(new { document }));

        Assert.True(reply.Body.GetProperty("sent").GetBoolean(), reply.Text);
        Assert.Equal("Bearer unpublished-value", world.Upstream.Requests[^1].Header("Authorization"));
        Assert.Equal("Bearer ***", reply.Body.GetProperty("request").GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.Equal(404, (await world.Gateway.Admin.ReadAsync("/manage/v1/tools/trial_new?namespace=acme")).Status);
        Assert.Equal(404, (await world.Gateway.Admin.ReadAsync("/manage/v1/secrets/trial-new?namespace=acme")).Status);
        Assert.Equal(revisions.Text, (await world.Gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Text);
    }

    [Fact]
    public async Task A_document_may_be_json_and_goes_before_what_is_published()
    {
        world.UpstreamAnswers(Given.Ok);
        await world.ToolAsync("trial_both");
        var body = """{"document":{"apiVersion":"gostoa.dev/v1alpha1","kind":"Tool","metadata":{"name":"trial_both"},"spec":{"description":"x","endpoint":"URLtrial_changed"}}}"""
            .Replace("URL", world.Upstream.Url.ToString(), StringComparison.Ordinal);

        var reply = await TestAsync("trial_both", body);

        Assert.EndsWith("/trial_changed", Text(reply, "request", "url"), StringComparison.Ordinal);
        await world.InvokeAsync("trial_both");
        Assert.Equal("/trial_both", world.Upstream.Requests[^1].Target);
    }

    [Fact]
    public async Task A_document_is_judged_as_apply_judges_it()
    {
        const string Bad = "apiVersion: gostoa.dev/v1alpha1\nkind: Tool\nmetadata: { name: trial_bad }\nspec:\n  description: x\n  endpoint: api.example.com\n";
        var unread = await TestAsync("trial_bad", JsonSerializer.Serialize(new { document = Bad }));
        var noSecret = await TestAsync("trial_bad", JsonSerializer.Serialize(new
        {
            document = Given.Tool("trial_bad", "https://api.example.com/", "auth: { type: bearer, bearer: { secretRef: { name: nowhere, key: key } } }"),
        }));
        var elsewhere = await TestAsync("trial_bad", JsonSerializer.Serialize(new { document = Given.Tool("trial_bad", "https://api.example.com/", tenant: "other") }));
        var otherName = await TestAsync("trial_bad", JsonSerializer.Serialize(new { document = Given.Tool("trial_good", "https://api.example.com/") }));

        Assert.Equal((400, "invalid_resource"), (unread.Status, unread.Body.GetProperty("error").GetString()));
        Assert.StartsWith("line 6, column 3, spec.endpoint: Expected an absolute URL", unread.Body.GetProperty("findings")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("nowhere", noSecret.Body.GetProperty("findings")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("all of the tenant", elsewhere.Body.GetProperty("findings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(404, otherName.Status);
    }

    [Theory]
    [InlineData("auth: { type: apiKey, apiKey: { in: query, name: appid, secretRef: { name: trial-mask, key: key } } }")]
    [InlineData("auth: { type: apiKey, apiKey: { in: header, name: X-Key, secretRef: { name: trial-mask, key: ascii } } }")]
    [InlineData("auth: { type: apiKey, apiKey: { in: cookie, name: session, secretRef: { name: trial-mask, key: ascii } } }")]
    [InlineData("auth: { type: bearer, bearer: { secretRef: { name: trial-mask, key: ascii } } }")]
    [InlineData("auth: { type: basic, basic: { username: robot, passwordRef: { name: trial-mask, key: key } } }")]
    public async Task No_secret_is_shown_even_when_the_endpoint_gives_it_back(string auth)
    {
        const string Ascii = "an-ascii-value-1234567";
        await world.ApplyAsync($$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: Secret
            metadata: { name: trial-mask, namespace: acme }
            spec: { data: { key: {{JsonSerializer.Serialize(Secret)}}, ascii: {{Ascii}} } }

            """);
        await world.ToolAsync("trial_mask", auth);
        var forms = new[] { Secret, Ascii }.SelectMany(FormsOf).ToArray();
        world.UpstreamAnswers(exchange => exchange.AnswerAsync(
            200,
            "application/json",
            JsonSerializer.Serialize(new { asked = exchange.Request.Target, headers = exchange.Request.HeaderLines, forms = Relevant(auth, forms) }),
            $"X-Request-Id: {exchange.Request.Header("X-Key")}{exchange.Request.Header("Authorization")}",
            $"Link: <{exchange.Request.Target}>; rel=next"));

        var sent = await TestAsync("trial_mask", "{}");
        var built = await TestAsync("trial_mask", """{"send":false}""");

        Assert.True(sent.Body.GetProperty("sent").GetBoolean(), sent.Text);
        foreach (var form in Relevant(auth, forms))
        {
            Assert.DoesNotContain(form, sent.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(form, Strings(sent.Body), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(form, built.Text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("***", Strings(sent.Body.GetProperty("request")), StringComparison.Ordinal);
        Assert.Contains("***", Strings(built.Body.GetProperty("request")), StringComparison.Ordinal);
        Assert.Contains("***", Strings(sent.Body.GetProperty("response")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", "plain an-ascii-value-1234567, encoded an%2Dascii-value-1234567")]
    [InlineData("text/html", "<p>an&#45;ascii&#x2d;value-1234567</p>")]
    public async Task Nor_when_it_gives_it_back_as_text(string type, string body)
    {
        await world.ApplyAsync(Given.Secret("trial-text", "key", "an-ascii-value-1234567"));
        await world.ToolAsync("trial_text", "auth: { type: bearer, bearer: { secretRef: { name: trial-text, key: key } } }");
        world.UpstreamAnswers(200, type, body);

        var reply = await TestAsync("trial_text", "{}");

        Assert.DoesNotContain("1234567", reply.Text, StringComparison.Ordinal);
        Assert.Contains("***", Text(reply, "response", "body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_shortening_cuts_in_two_is_not_shown_in_part()
    {
        const string Long = "sk-0123456789abcdefghijklmnopqrstuvwxyz";
        await world.ApplyAsync(Given.Secret("trial-cut", "key", Long));
        await world.ToolAsync("trial_cut", "reduction: aggressive\nauth: { type: bearer, bearer: { secretRef: { name: trial-cut, key: key } } }");
        world.UpstreamAnswers(200, "application/json", JsonSerializer.Serialize(new { text = new string('.', 470) + Long + new string('.', 100) }));

        var reply = await TestAsync("trial_cut", "{}");

        Assert.Contains("***", reply.Body.GetProperty("result").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-0123", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_stands_for_the_endpoint()
    {
        await world.ToolAsync("trial_sample", "outputSchema: { type: object, required: [temp] }");
        var before = world.Upstream.Requests.Count;

        var good = await TestAsync("trial_sample", """{"sampleResponse":{"body":{"temp":21}}}""");
        var misfit = await TestAsync("trial_sample", """{"sampleResponse":{"status":200,"contentType":"application/json","body":{"other":1}}}""");
        var failed = await TestAsync("trial_sample", """{"sampleResponse":{"status":503,"contentType":"text/plain","body":"down"}}""");

        Assert.Equal(before, world.Upstream.Requests.Count);
        Assert.Equal((false, 0, """{"temp":21}"""), (good.Body.GetProperty("sent").GetBoolean(), good.Body.GetProperty("attempts").GetInt32(), good.Body.GetProperty("result").GetRawText()));
        Assert.True(misfit.Body.GetProperty("isError").GetBoolean());
        Assert.Contains("temp", Assert.Single(misfit.Body.GetProperty("findings").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("The upstream failed with 503 Service Unavailable. Try again later.", failed.Body.GetProperty("error").GetString());
        Assert.Equal("down", Text(failed, "response", "body"));
    }

    [Fact]
    public async Task A_sample_is_all_the_pages_and_is_not_tried_again()
    {
        await world.ToolAsync("trial_pages", "pagination: { type: page, pageParam: page, items: list }\nretry: { attempts: 3 }\nreduction: moderate");

        var paged = await TestAsync("trial_pages", """{"sampleResponse":{"body":{"list":[1,2,null]}}}""");
        var failed = await TestAsync("trial_pages", """{"sampleResponse":{"status":503,"contentType":"text/plain","body":"down"}}""");

        Assert.False(paged.Body.GetProperty("isError").GetBoolean(), paged.Text);
        Assert.Equal("The upstream failed with 503 Service Unavailable. Try again later.", failed.Body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_test_of_a_failing_endpoint_opens_no_breaker_and_an_open_one_stops_no_test()
    {
        await world.ToolAsync("trial_breaker", "circuitBreaker: { failures: 2, openFor: 10m }");
        world.UpstreamAnswers(500, "text/plain", "no");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(500, (await TestAsync("trial_breaker", "{}")).Body.GetProperty("response").GetProperty("status").GetInt32());
        }

        world.UpstreamAnswers(Given.Ok);
        Assert.False((await world.InvokeAsync("trial_breaker")).Json.GetProperty("isError").GetBoolean());
        world.UpstreamAnswers(500, "text/plain", "no");
        for (var i = 0; i < 4; i++)
        {
            await world.InvokeAsync("trial_breaker");
        }

        var asked = world.Upstream.Requests.Count;
        Assert.Equal(1, (await TestAsync("trial_breaker", "{}")).Body.GetProperty("attempts").GetInt32());
        Assert.Equal(asked + 1, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task A_long_answer_is_cut_in_the_report()
    {
        world.UpstreamAnswers(200, "text/plain", new string('x', 200_000));
        await world.ToolAsync("trial_long");

        var response = (await TestAsync("trial_long", "{}")).Body.GetProperty("response");

        Assert.Equal((true, 64 * 1024), (response.GetProperty("truncated").GetBoolean(), response.GetProperty("body").GetString()!.Length));
    }

    [Fact]
    public async Task A_test_is_not_answered_from_memory_and_leaves_nothing_there()
    {
        world.UpstreamAnswers(Given.Ok);
        await world.ToolAsync("trial_cached", "cache: { ttl: 1h, cacheScope: public }");
        var before = world.Upstream.Requests.Count;

        await TestAsync("trial_cached", "{}");
        var live = await world.InvokeAsync("trial_cached");
        await TestAsync("trial_cached", "{}");

        Assert.Equal("miss", live.Header("x-stoa-cache"));
        Assert.Equal(before + 3, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task A_test_tells_whether_the_endpoint_is_there()
    {
        world.UpstreamAnswers(Given.Ok);
        await world.ToolAsync("trial_reach");

        await TestAsync("trial_reach", "{}");

        var status = (await world.Gateway.Admin.ReadAsync("/manage/v1/tools/trial_reach/status?namespace=acme")).Body;
        Assert.True(status.GetProperty("endpoint").GetProperty("reachable").GetBoolean());
        Assert.False(status.TryGetProperty("lastCall", out _));
    }

    [Fact]
    public async Task A_viewer_sees_what_would_be_sent_and_sends_nothing()
    {
        await world.ToolAsync("trial_viewed");
        await world.ApplyAsync(Given.Consumer("trial-viewer", "role: viewer\nscopes: [stoa:admin]"));
        using var viewer = world.Gateway.ClientFor(await world.Gateway.IssueKeyAsync("acme", "trial-viewer"));
        using var agent = world.Gateway.ClientFor(world.Key);
        var before = world.Upstream.Requests.Count;

        var built = await viewer.PostAsync("/manage/v1/tools/trial_viewed/test", "{}");
        var refused = await viewer.PostAsync("/manage/v1/tools/trial_viewed/test", """{"send":true}""");
        var stranger = await agent.PostAsync("/manage/v1/tools/trial_viewed/test", "{}");

        Assert.False(built.Body.GetProperty("sent").GetBoolean());
        Assert.Equal("GET", Text(built, "request", "method"));
        Assert.Equal((403, 403), (refused.Status, stranger.Status));
        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"argument":{}}""")]
    [InlineData("""{"complaint":"none"}""")]
    [InlineData("""{"sample":{},"documentBytes":""}""")]
    [InlineData("""{"arguments":[]}""")]
    [InlineData("""{"arguments":{"a":1,"a":2}}""")]
    [InlineData("""{"document":7}""")]
    [InlineData("""{"send":true,"sampleResponse":{}}""")]
    [InlineData("""{"sampleResponse":{"status":99}}""")]
    public async Task A_body_that_is_no_test_is_400(string body)
    {
        await world.ToolAsync("trial_body");

        Assert.Equal(400, (await TestAsync("trial_body", body)).Status);
    }

    [Fact]
    public async Task A_body_with_an_unknown_member_is_told_the_known_ones()
    {
        await world.ToolAsync("trial_members");

        var reply = await TestAsync("trial_members", """{"argument":{}}""");

        Assert.EndsWith("Known members: arguments, document, send, sampleResponse.", reply.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<Manage.Reply> TestAsync(string tool, string body) => world.Gateway.Admin.PostAsync($"/manage/v1/tools/{tool}/test?namespace=acme", body);

    private static string Text(Manage.Reply reply, string part, string member) => reply.Body.GetProperty(part).GetProperty(member).GetString()!;

    private static string[] Relevant(string auth, string[] forms) => auth.Contains("ascii", StringComparison.Ordinal) ? forms[(forms.Length / 2)..] : forms[..(forms.Length / 2)];

    private static string[] FormsOf(string secret) =>
    [
        secret, Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("robot:" + secret)), Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)),
    ];

    /// <summary>Every decoded text of the value.</summary>
    private static string Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => string.Join('\n', value.EnumerateObject().Select(m => m.Name + '\n' + Strings(m.Value))),
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(Strings)),
        JsonValueKind.String => value.GetString()!,
        _ => "",
    };
}
