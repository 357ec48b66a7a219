using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>What goes to the upstream: the tool's own credential, the arguments in their places, the trace; and nothing of the caller.</summary>
public sealed class UpstreamRequestTests(World world) : IClassFixture<World>
{
    private const string PathInput = "inputSchema: { type: object, required: [id], properties: { id: { type: [string, number, boolean] } } }";

    [Theory]
    [InlineData("type: apiKey\n  apiKey: { in: header, name: X-Upstream-Key, secretRef: { name: cred, key: value } }", "X-Upstream-Key", "s3cr3t-value/+=&%")]
    [InlineData("type: apiKey\n  apiKey: { in: cookie, name: session, secretRef: { name: cred, key: value } }", "Cookie", "session=s3cr3t-value/+=&%")]
    [InlineData("type: bearer\n  bearer: { secretRef: { name: cred, key: value } }", "Authorization", "Bearer s3cr3t-value/+=&%")]
    [InlineData("type: basic\n  basic: { username: user, passwordRef: { name: cred, key: value } }", "Authorization", "Basic dXNlcjpzM2NyM3QtdmFsdWUvKz0mJQ==")]
    public async Task The_tools_credential_arrives_in_its_header_and_the_callers_does_not(string auth, string header, string value)
    {
        var sent = await CallWithSecretAsync(auth);

        Assert.Equal([value], sent.HeaderLines.Where(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(header.Length + 1)..].Trim()));
        Assert.DoesNotContain("s3cr3t", sent.Target, StringComparison.Ordinal);
        foreach (var name in new[] { "Authorization", "Cookie", "x-api-key", "api-key", "X-Custom", "baggage" }.Where(n => n != header))
        {
            Assert.Null(sent.Header(name));
        }
    }

    [Fact]
    public async Task A_key_in_the_query_comes_last_and_encoded()
    {
        var sent = await CallWithSecretAsync("type: apiKey\n  apiKey: { in: query, name: appid, secretRef: { name: cred, key: value } }");

        Assert.Equal("/with_secret?q=1&appid=s3cr3t-value%2F%2B%3D%26%25", sent.Target);
        Assert.Null(sent.Header("Authorization"));
    }

    [Theory]
    [InlineData("\"a/b\"", "/items/a%2Fb/end")]
    [InlineData("\"a b\"", "/items/a%20b/end")]
    [InlineData("\"%2e\"", "/items/%252e/end")]
    [InlineData("\"%2e%2e%2f\"", "/items/%252e%252e%252f/end")]
    [InlineData("\"?x=1&y#z\"", "/items/%3Fx%3D1%26y%23z/end")]
    [InlineData("\"..;\"", "/items/..%3B/end")]
    [InlineData("\"...\"", "/items/.../end")]
    [InlineData("\"a\\\\b\"", "/items/a%5Cb/end")]
    [InlineData("\"a\\r\\nX: y\"", "/items/a%0D%0AX%3A%20y/end")]
    [InlineData("\"\\u0000\"", "/items/%00/end")]
    [InlineData("\"世界😀\"", "/items/%E4%B8%96%E7%95%8C%F0%9F%98%80/end")]
    [InlineData("\"{id}\"", "/items/%7Bid%7D/end")]
    [InlineData("1.50", "/items/1.50/end")]
    [InlineData("true", "/items/true/end")]
    public async Task A_value_in_the_path_stays_within_its_segment(string id, string target)
    {
        await world.ToolAsync("by_id", PathInput, "items/{id}/end");

        (await world.Modern().CallAsync("by_id", $"{{\"id\":{id}}}")).IsResult();

        Assert.Equal(target, world.Upstream.Requests[^1].Target);
    }

    [Theory]
    [InlineData("\"..\"")]
    [InlineData("\".\"")]
    [InlineData("\"\"")]
    public async Task A_value_that_would_climb_or_vanish_is_not_sent(string id)
    {
        await world.ToolAsync("by_id", PathInput, "items/{id}/end");
        var before = world.Upstream.Requests.Count;

        (await world.Modern().CallAsync("by_id", $"{{\"id\":{id}}}")).IsToolErrorSaying("id");

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("""{"q":"a b&c=d"}""", "?fixed=1&q=a%20b%26c%3Dd")]
    [InlineData("""{"tags":["a","b&c"]}""", "?fixed=1&tags=a&tags=b%26c")]
    [InlineData("""{"tags":[]}""", "?fixed=1")]
    [InlineData("""{"q":null}""", "?fixed=1")]
    [InlineData("""{"tags":[null,"a"]}""", "?fixed=1&tags=a")]
    [InlineData("""{"n":1.0,"b":false}""", "?fixed=1&n=1.0&b=false")]
    [InlineData("""{"o":{"x":1}}""", "?fixed=1&o=%7B%22x%22%3A1%7D")]
    [InlineData("""{"a b&":"ü"}""", "?fixed=1&a%20b%26=%C3%BC")]
    [InlineData("{}", "?fixed=1")]
    public async Task What_the_path_does_not_take_goes_to_the_query_of_a_read(string arguments, string query)
    {
        await world.ToolAsync("by_query", "", "search?fixed=1");

        (await world.Modern().CallAsync("by_query", arguments)).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("GET", "/search" + query, 0), (sent.Method, sent.Target, sent.Body.Length));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task What_the_path_does_not_take_is_the_body_of_a_write(string method)
    {
        await world.ToolAsync("write_" + method.ToLowerInvariant(), $"method: {method}\n{PathInput}", "items/{id}");

        (await world.Modern().CallAsync("write_" + method.ToLowerInvariant(), """{"a":[1,null,{"ü":1e2}],"id":"x/y","b":"é"}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal((method, "/items/x%2Fy", "application/json"), (sent.Method, sent.Target, sent.Header("Content-Type")));
        Assert.True(System.Text.Json.JsonElement.DeepEquals(
            System.Text.Json.JsonElement.Parse("""{"a":[1,null,{"ü":1e2}],"b":"é"}"""), System.Text.Json.JsonElement.Parse(sent.BodyText)), sent.BodyText);
    }

    [Fact]
    public async Task A_delete_has_no_body_and_its_rest_in_the_query()
    {
        await world.ToolAsync("remove", $"method: DELETE\n{PathInput}", "items/{id}");

        (await world.Modern().CallAsync("remove", """{"id":"7","force":true}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("DELETE", "/items/7?force=true", 0), (sent.Method, sent.Target, sent.Body.Length));
    }

    [Fact]
    public async Task The_callers_trace_goes_on_upstream_and_is_named_in_the_answer()
    {
        const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        await world.ToolAsync("traced");

        var reply = (await world.Modern().CallAsync("traced", "{}", ("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"))).IsResult();
        var refused = await world.Modern(key: null).RequestAsync("tools/list", "", ("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));

        var sent = world.Upstream.Requests[^1].Header("traceparent");
        Assert.StartsWith($"00-{TraceId}-", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("00f067aa0ba902b7", sent, StringComparison.Ordinal);
        Assert.Equal(TraceId, reply.Header("x-stoa-trace-id"));
        Assert.Equal(TraceId, refused.Error.GetProperty("data").GetProperty("trace_id").GetString());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData(null)]
    public async Task Without_a_usable_trace_a_new_one_begins(string? traceparent)
    {
        await world.ToolAsync("traced");

        var reply = (await world.Modern().CallAsync("traced", "{}", ("traceparent", traceparent))).IsResult();

        var traceId = reply.Header("x-stoa-trace-id");
        Assert.Matches("^[0-9a-f]{32}$", traceId);
        Assert.NotEqual(new string('0', 32), traceId);
        Assert.StartsWith($"00-{traceId}-", world.Upstream.Requests[^1].Header("traceparent"), StringComparison.Ordinal);
    }

    private async Task<ScriptedRequest> CallWithSecretAsync(string auth)
    {
        world.Secrecy.Never("s3cr3t-value");
        await world.ApplyAsync(Given.Secret("cred", "value", "s3cr3t-value/+=&%"), Given.Tool("with_secret", $"{world.Upstream.Url}with_secret", $"auth:\n  {auth}"));

        (await world.Modern().CallAsync("with_secret", """{"q":1}""", ("Cookie", "mine=1"), ("X-Custom", "mine"), ("baggage", "user=me"))).IsResult();
        (await world.InvokeAsync("with_secret")).Json.GetProperty("isError");

        return world.Upstream.Requests.Last(r => r.Target.Contains("q=1", StringComparison.Ordinal));
    }
}
