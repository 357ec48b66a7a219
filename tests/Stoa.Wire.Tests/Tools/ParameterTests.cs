using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>Arguments by place, style and explode, as the upstream receives them.</summary>
public sealed class ParameterTests(World world) : IClassFixture<World>
{
    private const string Open = "inputSchema: { type: object, additionalProperties: true }";

    [Theory]
    [InlineData("{ in: query }", """["a","b c"]""", "?x=a&x=b%20c")]
    [InlineData("{ in: query, explode: false }", """["a","b c"]""", "?x=a,b%20c")]
    [InlineData("{ in: query, style: form, explode: true }", """{"a":1,"b":"c d"}""", "?a=1&b=c%20d")]
    [InlineData("{ in: query, style: spaceDelimited }", """["a","b"]""", "?x=a%20b")]
    [InlineData("{ in: query, style: pipeDelimited }", """["a","b"]""", "?x=a%7Cb")]
    [InlineData("{ in: query, style: deepObject }", """{"a":1}""", "?x%5Ba%5D=1")]
    [InlineData("{ in: query, name: filter }", "\"a&b\"", "?filter=a%26b")]
    [InlineData("{ in: query, name: 'f[x]' }", "\"1\"", "?f%5Bx%5D=1")]
    [InlineData("{ in: query }", "null", "")]
    public async Task In_the_query(string parameter, string value, string query)
    {
        await world.ToolAsync("in_query", $"{Open}\nparameters: {{ x: {parameter} }}", "search");

        (await world.Modern().CallAsync("in_query", $"{{\"x\":{value}}}")).IsResult();

        Assert.Equal("/search" + query, world.Upstream.Requests[^1].Target);
    }

    [Theory]
    [InlineData("search?f%5Btenant%5D=acme", """{"tenant":"other"}""", "tenant")]
    [InlineData("search?f[tenant]=acme", """{"a":1,"Tenant":["other"]}""", "Tenant")]
    [InlineData("search?f[a][b]=acme", """{"a":{"b":"other"}}""", "a")]
    public async Task Members_of_a_deep_object_cannot_override_what_the_endpoint_sets(string endpoint, string value, string member)
    {
        await world.ToolAsync("deep_fixed", $"{Open}\nparameters: {{ f: {{ in: query, style: deepObject }} }}", endpoint);
        var before = world.Upstream.Requests.Count;

        (await world.Modern().CallAsync("deep_fixed", $"{{\"f\":{value}}}")).IsToolErrorSaying($"/f/{member} is set by the tool itself and cannot be an argument.");

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("{ in: path }", """["a","b/c"]""", "/items/a,b%2Fc/end")]
    [InlineData("{ in: path, explode: true }", """{"a":1,"b":2}""", "/items/a=1,b=2/end")]
    [InlineData("{ in: path, style: label }", """["a","b"]""", "/items/.a,b/end")]
    [InlineData("{ in: path, style: label, explode: true }", """["a","b"]""", "/items/.a.b/end")]
    [InlineData("{ in: path, style: matrix }", "\"blue\"", "/items/;id=blue/end")]
    [InlineData("{ in: path, style: matrix, explode: true }", """["a","b"]""", "/items/;id=a;id=b/end")]
    public async Task In_the_path(string parameter, string value, string target)
    {
        await world.ToolAsync("in_path", $"inputSchema: {{ type: object, required: [id], properties: {{ id: {{}} }} }}\nparameters: {{ id: {parameter} }}", "items/{id}/end");

        (await world.Modern().CallAsync("in_path", $"{{\"id\":{value}}}")).IsResult();

        Assert.Equal(target, world.Upstream.Requests[^1].Target);
    }

    [Theory]
    [InlineData("{ in: path, style: label }", "\".\"")]
    [InlineData("{ in: path, style: label }", "\"\"")]
    [InlineData("{ in: path }", "[\"..\"]")]
    [InlineData("{ in: path }", "[]")]
    [InlineData("{ in: path }", "null")]
    [InlineData("{ in: path }", "[\"\"]")]
    public async Task A_styled_value_cannot_climb_or_vanish_either(string parameter, string value)
    {
        await world.ToolAsync("in_path", $"inputSchema: {{ type: object, required: [id], properties: {{ id: {{}} }} }}\nparameters: {{ id: {parameter} }}", "items/{id}/end");
        var before = world.Upstream.Requests.Count;

        (await world.Modern().CallAsync("in_path", $"{{\"id\":{value}}}")).IsToolErrorSaying("/id must be a non-empty value that can stand in the URL's path.");

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task An_argument_may_have_another_name_on_the_wire_in_the_path()
    {
        await world.ToolAsync(
            "renamed", "inputSchema: { type: object, required: [city], properties: { city: { type: string } } }\nparameters: { city: { in: path, name: cityId } }", "cities/{cityId}");

        (await world.Modern().CallAsync("renamed", """{"city":"x y"}""")).IsResult();

        Assert.Equal("/cities/x%20y", world.Upstream.Requests[^1].Target);
    }

    [Fact]
    public async Task In_headers_and_cookies_beside_the_tools_own_cookie()
    {
        await world.ApplyAsync(Given.Secret("jar", "value", "s3cr3t-cookie"));
        await world.ToolAsync("in_head", $$"""
            {{Open}}
            parameters: { region: { in: header, name: X-Region }, tags: { in: header, name: X-Tags }, theme: { in: cookie }, ids: { in: cookie, explode: false } }
            auth:
              type: apiKey
              apiKey: { in: cookie, name: session, secretRef: { name: jar, key: value } }
            """);

        (await world.Modern().CallAsync("in_head", """{"region":"eu west","tags":["a","b"],"theme":"d;x","ids":[1,2],"q":"rest"}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal("/in_head?q=rest", sent.Target);
        Assert.Equal(("eu west", "a,b"), (sent.Header("X-Region"), sent.Header("X-Tags")));
        Assert.Equal("Cookie: session=s3cr3t-cookie; theme=d%3Bx; ids=1,2", Assert.Single(sent.HeaderLines, line => line.StartsWith("Cookie", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("\"a\\r\\nX-Evil: 1\"")]
    [InlineData("\"a\\u0000\"")]
    [InlineData("\"a\\u007f\"")]
    [InlineData("\"ü\"")]
    [InlineData("[\"a\",\"b\\n\"]")]
    public async Task A_value_that_would_break_a_header_is_not_sent(string value)
    {
        await world.ToolAsync("in_header", $"{Open}\nparameters: {{ region: {{ in: header, name: X-Region }} }}");
        var before = world.Upstream.Requests.Count;

        (await world.Modern().CallAsync("in_header", $"{{\"region\":{value}}}")).IsToolErrorSaying("/region is sent in a header and may hold visible ASCII characters and spaces only.");

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task The_body_takes_its_members_under_their_wire_names_and_the_rest_stays_in_it()
    {
        await world.ToolAsync(
            "in_body", $"method: POST\n{Open}\nparameters: {{ name: {{ in: body, name: full_name }}, trace: {{ in: header, name: X-Trace }}, dry: {{ in: query }} }}");

        (await world.Modern().CallAsync("in_body", """{"name":"Ada","trace":"t1","dry":true,"age":36}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("/in_body?dry=true", "t1", """{"full_name":"Ada","age":36}"""), (sent.Target, sent.Header("X-Trace"), sent.BodyText));
    }

    [Theory]
    [InlineData("""[1,{"a":"ü"}]""")]
    [InlineData("\"text\"")]
    [InlineData("1.50")]
    public async Task A_whole_body_is_the_arguments_own_json(string value)
    {
        await world.ToolAsync("whole", $"method: PUT\n{Open}\nparameters: {{ doc: {{ in: wholeBody }} }}");

        (await world.Modern().CallAsync("whole", $"{{\"doc\":{value},\"v\":2}}")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("/whole?v=2", value, "application/json"), (sent.Target, sent.BodyText, sent.Header("Content-Type")));
    }

    [Fact]
    public async Task Without_its_argument_a_whole_body_is_none()
    {
        await world.ToolAsync("whole", $"method: PUT\n{Open}\nparameters: {{ doc: {{ in: wholeBody }} }}");

        (await world.Modern().CallAsync("whole")).IsResult();

        Assert.Equal(0, world.Upstream.Requests[^1].Body.Length);
    }

    [Fact]
    public async Task A_delete_may_declare_a_body()
    {
        await world.ToolAsync("purge", $"method: DELETE\n{Open}\nparameters: {{ ids: {{ in: body }} }}");

        (await world.Modern().CallAsync("purge", """{"ids":[1,2],"force":true}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("DELETE", "/purge?force=true", """{"ids":[1,2]}"""), (sent.Method, sent.Target, sent.BodyText));
    }

    [Theory]
    [InlineData("""{"appid":"mine"}""", "/filter/appid is set by the tool itself and cannot be an argument.")]
    [InlineData("""{"a":1,"V":"3"}""", "/filter/V is set by the tool itself and cannot be an argument.")]
    [InlineData("""{"page":"3"}""", "/filter/page is set by the tool itself and cannot be an argument.")]
    public async Task An_exploded_object_cannot_override_what_the_tool_sets(string filter, string fault)
    {
        await world.ApplyAsync(Given.Secret("exploded", "key", "s3cr3t-exploded"));
        await world.ToolAsync("exploded", $$"""
            {{Open}}
            parameters: { filter: { in: query }, page: { in: query } }
            auth: { type: apiKey, apiKey: { in: query, name: appid, secretRef: { name: exploded, key: key } } }
            """, "exploded?v=1");
        var before = world.Upstream.Requests.Count;

        (await world.Modern().CallAsync("exploded", $"{{\"filter\":{filter}}}")).IsToolErrorSaying(fault);
        Assert.Equal(before, world.Upstream.Requests.Count);

        (await world.Modern().CallAsync("exploded", """{"filter":{"a":1,"filter":2}}""")).IsResult();
        Assert.Equal("/exploded?v=1&a=1&filter=2&appid=s3cr3t-exploded", world.Upstream.Requests[^1].Target);
    }

    [Fact]
    public async Task An_exploded_cookie_cannot_override_the_tools_own()
    {
        await world.ApplyAsync(Given.Secret("exploded", "key", "s3cr3t-exploded"));
        await world.ToolAsync("cookies", $$"""
            {{Open}}
            parameters: { prefs: { in: cookie } }
            auth: { type: apiKey, apiKey: { in: cookie, name: session, secretRef: { name: exploded, key: key } } }
            """);

        (await world.Modern().CallAsync("cookies", """{"prefs":{"session":"mine"}}""")).IsToolErrorSaying("/prefs/session is set by the tool itself and cannot be an argument.");
    }
}
