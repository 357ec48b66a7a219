using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>Query parameters, headers and bodies from templates, as the upstream receives them.</summary>
public sealed class RequestTransformTests(World world) : IClassFixture<World>
{
    private const string CityInput = "inputSchema: { type: object, required: [city], properties: { city: { type: string }, days: { type: integer }, lang: { type: [string, 'null'] } } }";

    [Fact]
    public async Task An_argument_that_a_template_reads_goes_only_where_templates_put_it()
    {
        await world.ToolAsync("by_template", $$$$"""
            {{{{CityInput}}}}
            requestTransform:
              queryParams:
                - { name: q, value: '{{.input.city}},{{.input.lang | default "en"}}' }
                - { name: units, value: metric }
            """, "weather?v=2");

        (await world.Modern().CallAsync("by_template", """{"city":"São Paulo&x=1","days":3}""")).IsResult();

        Assert.Equal("/weather?v=2&days=3&q=S%C3%A3o%20Paulo%26x%3D1%2Cen&units=metric", world.Upstream.Requests[^1].Target);
    }

    [Fact]
    public async Task Declared_parameters_are_sent_as_declared_although_a_template_reads_them()
    {
        await world.ToolAsync("both", $$$$"""
            {{{{CityInput}}}}
            parameters: { city: { in: query, name: c } }
            requestTransform: { queryParams: [{ name: q, value: 'in {{.input.city}}' }] }
            """);

        (await world.Modern().CallAsync("both", """{"city":"Rome"}""")).IsResult();

        Assert.Equal("/both?c=Rome&q=in%20Rome", world.Upstream.Requests[^1].Target);
    }

    [Fact]
    public async Task Null_leaves_a_parameter_out_and_an_empty_text_does_not()
    {
        await world.ToolAsync("nulls", $$$$"""
            {{{{CityInput}}}}
            requestTransform:
              queryParams: [{ name: a, value: '{{.input.lang}}' }, { name: b, value: '' }, { name: c, valueFrom: .input.days }, { name: d, value: 'x{{.input.lang}}' }]
              headers: [{ name: X-Lang, valueFrom: .input.lang }]
            """);

        (await world.Modern().CallAsync("nulls", """{"city":"Rome","lang":null}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("/nulls?city=Rome&b=&d=x", null), (sent.Target, sent.Header("X-Lang")));
    }

    [Fact]
    public async Task The_context_says_who_calls_and_the_callers_credential_stays_behind()
    {
        await world.ToolAsync("context", """
            requestTransform:
              headers:
                - { name: X-Tenant, valueFrom: '{{.context.tenant}}' }
                - { name: X-Who, value: '{{.context.consumer}}/{{.context.tool}}' }
                - { name: X-Request-Id, valueFrom: .context.requestId }
                - { name: User-Agent, value: weather-bot }
            """);

        var reply = (await world.Modern().CallAsync("context")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("acme", "agent/context", "weather-bot"), (sent.Header("X-Tenant"), sent.Header("X-Who"), sent.Header("User-Agent")));
        Assert.Equal(reply.Header("x-stoa-trace-id"), sent.Header("X-Request-Id"));
        Assert.Null(sent.Header("Authorization"));
        Assert.Single(sent.HeaderLines, line => line.StartsWith("User-Agent", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("POST", "/make")]
    [InlineData("DELETE", "/make?days=2")]
    public async Task A_body_template_is_the_whole_body(string method, string target)
    {
        await world.ToolAsync("make", $$$$"""
            method: {{{{method}}}}
            {{{{CityInput}}}}
            requestTransform:
              body: |
                {"place": {"name": {{.input.city}}, "lang": {{.input.lang}}}, "by": "{{.context.tenant}}: {{.input.city}}"}
            """);

        (await world.Modern().CallAsync("make", """{"city":"a\"b\\","days":2}""")).IsResult();

        var sent = world.Upstream.Requests[^1];
        Assert.Equal((method, target, "application/json"), (sent.Method, sent.Target, sent.Header("Content-Type")));
        Assert.Equal("""{"place":{"name":"a\"b\\","lang":null},"by":"acme: a\"b\\"}""", sent.BodyText);
    }

    [Fact]
    public async Task Whoever_takes_the_whole_input_leaves_nothing_to_be_sent_by_itself()
    {
        await world.ToolAsync("wrapped", $$$$"""
            method: POST
            {{{{CityInput}}}}
            requestTransform: { body: '{"args": {{.input}}}', queryParams: [{ name: v, value: '1' }] }
            """);
        await world.ToolAsync("logged", $$$$"""
            {{{{CityInput}}}}
            requestTransform: { headers: [{ name: X-Args, value: '{{.input}}' }] }
            """);

        (await world.Modern().CallAsync("wrapped", """{"city":"Rome","days":2,"more":true}""")).IsResult();
        var wrapped = world.Upstream.Requests[^1];
        (await world.Modern().CallAsync("logged", """{"city":"Rome"}""")).IsResult();
        var logged = world.Upstream.Requests[^1];

        Assert.Equal(("/wrapped?v=1", """{"args":{"city":"Rome","days":2,"more":true}}"""), (wrapped.Target, wrapped.BodyText));
        Assert.Equal(("/logged", """{"city":"Rome"}"""), (logged.Target, logged.Header("X-Args")));
    }

    [Theory]
    [InlineData("a\\r\\nX-Evil: 1")]
    [InlineData("ü")]
    public async Task A_template_cannot_break_a_header(string city)
    {
        await world.ToolAsync("header", CityInput + "\nrequestTransform: { headers: [{ name: X-City, value: 'in {{.input.city}}' }] }");
        var before = world.Upstream.Requests.Count;

        (await world.Modern().CallAsync("header", $"{{\"city\":\"{city}\"}}"))
            .IsToolErrorSaying("The header X-City may hold visible ASCII characters and spaces only; change /city.");

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task An_argument_that_nobody_declared_cannot_override_a_template()
    {
        await world.ToolAsync("fixed", "requestTransform: { queryParams: [{ name: role, value: reader }] }");

        (await world.Modern().CallAsync("fixed", """{"Role":"admin"}""")).IsToolErrorSaying("/Role is set by the tool itself and cannot be an argument.");
        (await world.Modern().CallAsync("fixed", """{"page":1}""")).IsResult();

        Assert.Equal("/fixed?page=1&role=reader", world.Upstream.Requests[^1].Target);
    }
}
