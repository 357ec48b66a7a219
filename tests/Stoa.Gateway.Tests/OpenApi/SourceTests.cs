using System.Text;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Tests.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Where a description comes from: inline or fetched, through the one guarded way out.</summary>
public class SourceTests
{
    private const string Minimal = """{"openapi":"3.1.0","info":{"title":"A","version":"1"},"paths":{"/a":{"get":{"operationId":"a"}}}}""";

    [Fact]
    public async Task Text_and_map_and_JSON_and_YAML_are_the_same_description()
    {
        var text = await Expanding.OfSpecAsync([$"source: {{ inline: '{Minimal}' }}", "baseURL: https://a.example"]);
        var map = await Expanding.OfSpecAsync([$"source: {{ inline: {Minimal} }}", "baseURL: https://a.example"]);
        var yaml = await Expanding.OfSpecAsync(["source:", "  inline: |", "    openapi: 3.1.0", "    paths: { /a: { get: { operationId: a } } }", "    info: { title: A, version: '1' }", "baseURL: https://a.example"]);

        Assert.Equal(["a"], text.Names());
        Assert.All([map, yaml], other => Assert.Equal(text.Tools.Select(t => t.Document.Spec.ToArray()), other.Tools.Select(t => t.Document.Spec.ToArray())));
    }

    [Fact]
    public async Task A_fetched_description_is_served_where_it_came_from_unless_it_says_otherwise()
    {
        await using var server = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(200, "application/json", Minimal));

        var expansion = await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}docs/openapi.json }}"]);

        Assert.Equal($"{server.Url}a", Expanding.SpecOf(Assert.Single(expansion.Tools)).Endpoint);
        Assert.Equal("GET /docs/openapi.json", $"{Assert.Single(server.Requests).Method} {server.Requests[0].Target}");
        Assert.Null(server.Requests[0].Header("Authorization"));
    }

    [Theory]
    [InlineData(404, "application/json", "{}", "the server answered 404")]
    [InlineData(302, "application/json", "{}", "cannot be fetched")]
    [InlineData(200, "text/html", "<!doctype html>", "a web page")]
    [InlineData(200, "application/json", "", "must be one YAML or JSON document")]
    [InlineData(200, "application/json", "{", "line 1")]
    [InlineData(200, "application/json", "[]", "must be one YAML or JSON document")]
    [InlineData(200, "application/json", """{"a":1,"a":2}""", "repeats a member")]
    [InlineData(200, "application/json", """{"a":"\ud800"}""", "surrogate")]
    [InlineData(200, "application/yaml", "a: [", "cannot be read on")]
    [InlineData(200, "application/yaml", "a: 1\n---\nb: 2\n", "must be one YAML or JSON document")]
    [InlineData(200, "application/json", """{"swagger":"2.0","paths":{}}""", "Swagger 2.0")]
    [InlineData(200, "application/json", """{"openapi":"4.0.0","paths":{}}""", "3.0, 3.1 and 3.2 are read")]
    [InlineData(200, "application/json", """{"paths":{}}""", "lacks the field `openapi`")]
    [InlineData(200, "application/json", """{"openapi":3.1}""", "lacks the field `openapi`")]
    public async Task A_source_that_is_no_description_says_what_it_is(int status, string type, string body, string reason)
    {
        await using var server = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(status, type, body));

        var fault = Assert.Single((await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}x }}"])).Faults);

        Assert.Equal("spec.source.url", fault.Path);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_a_tenant_may_not_reach_is_not_fetched()
    {
        await using var server = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(200, "application/json", Minimal));

        var literal = await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}x }}"], TestEgress.Resolving(_ => []));
        var named = await Expanding.OfSpecAsync(["source: { url: http://metadata.example/latest }"], TestEgress.Resolving(_ => [System.Net.IPAddress.Parse("169.254.169.254")]));

        Assert.All([literal, named], expansion => Assert.Contains("not one that this gateway may call", Assert.Single(expansion.Faults).Reason, StringComparison.Ordinal));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_description_over_the_limit_is_refused()
    {
        var padding = new string(' ', ApiText.MaxBytes);
        await using var server = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(200, "application/json", Minimal + padding));

        Assert.Contains("larger than allowed", Assert.Single((await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}x }}"])).Faults).Reason, StringComparison.Ordinal);
        Assert.Null(ApiText.Parse(Encoding.UTF8.GetBytes(Minimal + padding), out var complaint));
        Assert.Contains("10 MiB", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_from_elsewhere_does_not_decide_where_a_credential_goes()
    {
        const string Elsewhere = """{"openapi":"3.1.0","servers":[{"url":"https://evil.example"}],"paths":{"/a":{"get":{"operationId":"a"}}}}""";
        const string Auth = "toolDefaults: { auth: { type: bearer, bearer: { secretRef: { name: s, key: k } } } }";
        await using var server = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(200, "application/json", Elsewhere));

        var led = await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}x }}", Auth]);
        var told = await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}x }}", Auth, "baseURL: https://api.example.com"]);
        var bare = await Expanding.OfSpecAsync([$"source: {{ url: {server.Url}x }}"]);

        var fault = Assert.Single(led.Faults);
        Assert.Equal("spec.baseURL", fault.Path);
        Assert.Contains("https://evil.example", fault.Reason, StringComparison.Ordinal);
        Assert.Equal("https://api.example.com/a", Expanding.SpecOf(Assert.Single(told.Tools)).Endpoint);
        Assert.Equal("https://evil.example/a", Expanding.SpecOf(Assert.Single(bare.Tools)).Endpoint);
    }

    [Theory]
    [InlineData("source: {}", "spec.source: Give exactly one of `url` and `inline`.")]
    [InlineData("source: { url: https://a.example, inline: x }", "spec.source: Give exactly one of `url` and `inline`.")]
    [InlineData("source: { inline: 3 }", "spec.source.inline: Expected the description as text or as a map, found a number.")]
    [InlineData("source: { url: file:///etc/passwd }", "spec.source.url: Expected an absolute URL")]
    [InlineData("source: { url: 'https://user:pw@a.example/' }", "spec.source.url: Remove the user name or password")]
    [InlineData("source: { url: 'https://a.example/{x}' }", "spec.source.url: Write the URL without braces.")]
    [InlineData("source: { url: https://a.example }, baseURL: 'https://a.example?x=1'", "spec.baseURL: Write the URL without a query")]
    [InlineData("source: { url: https://a.example }, overrides: [{ enabled: false }]", "spec.overrides[0]: Give exactly one of `operationId` and `operation`")]
    [InlineData("source: { url: https://a.example }, overrides: [{ operationId: a }, { operationId: a }]", "spec.overrides[1]: This operation has an override already")]
    [InlineData("source: { url: https://a.example }, toolDefaults: { endpoint: https://b.example }", "spec.toolDefaults.endpoint: Unknown field")]
    [InlineData("source: { url: https://a.example }, overrides: [{ operationId: a, inputSchema: {} }]", "spec.overrides[0].inputSchema: Unknown field")]
    public void A_set_that_makes_no_sense_says_where(string spec, string fault) =>
        Assert.Contains(fault, Resources.Reading.Faults($"apiVersion: gostoa.dev/v1alpha1\nkind: ToolSet\nmetadata: {{ name: s }}\nspec: {{ {spec} }}\n"), StringComparison.Ordinal);

    [Fact]
    public void Older_spellings_are_read()
    {
        var older = Resources.Reading.Spec(Resources.Reading.Document("ToolSet", "openAPISpec: { url: https://a.example }", "selector: { tags: [a], methods: [get] }", "defaults: { timeout: 5s }", "baseUrl: https://b.example"));
        var main = Resources.Reading.Spec(Resources.Reading.Document("ToolSet", "source: { type: openapi, url: https://a.example }", "filters: { includeTags: [a], includeMethods: [GET] }", "toolDefaults: { timeout: 5s }", "baseURL: https://b.example"));

        Assert.Equal(main, older);
    }
}
