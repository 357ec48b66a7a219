using System.Text.Json.Nodes;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.ToolSets;

/// <summary>What a description says of parameters and bodies is what its server receives.</summary>
public sealed class WireFormTests
{
    private const string Paths = """
        /pets/{pet id}:
          get:
            operationId: find
            parameters:
              - { name: pet id, in: path, required: true, schema: { type: string } }
              - { name: tags, in: query, schema: { type: array, items: { type: string } } }
              - { name: ids, in: query, explode: false, schema: { type: array, items: { type: integer } } }
              - { name: "page[size]", in: query, schema: { type: integer } }
              - { name: filter, in: query, style: deepObject, explode: true, schema: { type: object } }
              - { name: X-Trace, in: header, schema: { type: string } }
              - { name: session, in: cookie, schema: { type: string } }
          put:
            operationId: change
            parameters: [{ name: pet id, in: path, required: true, schema: { type: string } }, { name: notify, in: query, schema: { type: boolean } }]
            requestBody: { required: true, content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string }, age: { type: integer } } } } } }
        /pets:
          post: { operationId: import, requestBody: { required: true, content: { application/json: { schema: { type: array, items: { type: string } } } } } }
          delete: { operationId: clear, requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { why: { type: string } } } } } } }
        """;

    [Theory]
    [InlineData("find", """{"pet_id":"a/b c"}""", "GET /v1/pets/a%2Fb%20c", "")]
    [InlineData("find", """{"pet_id":"1","tags":["x","y&z"],"ids":[1,2],"page_size":5}""", "GET /v1/pets/1?tags=x&tags=y%26z&ids=1,2&page%5Bsize%5D=5", "")]
    [InlineData("find", """{"pet_id":"1","filter":{"color":"red"}}""", "GET /v1/pets/1?filter%5Bcolor%5D=red", "")]
    [InlineData("change", """{"pet_id":"1","name":"Rex","age":3,"notify":true}""", "PUT /v1/pets/1?notify=true", """{"name":"Rex","age":3}""")]
    [InlineData("import", """{"body":["a","b"]}""", "POST /v1/pets", """["a","b"]""")]
    [InlineData("clear", """{"body":{"why":"moved"}}""", "DELETE /v1/pets", """{"why":"moved"}""")]
    public async Task Arguments_travel_as_the_description_says(string tool, string arguments, string line, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await using var gateway = await StartAsync(upstream);

        var reply = await AgentOf(gateway, await gateway.IssueKeyAsync("acme", "app")).CallAsync(tool, arguments);

        Assert.False(reply.IsResult().IsToolError, reply.ToolText);
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal((line, body), ($"{sent.Method} {sent.Target}", sent.BodyText));
    }

    [Fact]
    public async Task Headers_and_cookies_are_sent_and_what_is_not_declared_is_refused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await using var gateway = await StartAsync(upstream);
        var agent = AgentOf(gateway, await gateway.IssueKeyAsync("acme", "app"));

        (await agent.CallAsync("find", """{"pet_id":"1","X-Trace":"t-1","session":"s-1"}""")).IsResult();
        (await agent.CallAsync("find", """{"pet_id":"1","undeclared":"x"}""")).IsToolErrorSaying("undeclared");

        var sent = Assert.Single(upstream.Requests);
        Assert.Equal(("t-1", "session=s-1", null), (sent.Header("X-Trace"), sent.Header("Cookie"), sent.Header("Authorization")));
    }

    private static async Task<TestGateway> StartAsync(ScriptedUpstream upstream)
    {
        var gateway = await TestGateway.StartAsync();
        var description = $"openapi: 3.1.0\nservers: [{{ url: '{upstream.Url}v1' }}]\npaths:\n  {Paths.ReplaceLineEndings("\n  ")}\n";
        await gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(),
            Yaml.Consumer(spec: "{ scopes: [stoa:read, stoa:write] }"),
            Yaml.Document("ToolSet", "name: pets, namespace: acme", $"{{ source: {{ inline: {JsonValue.Create(description).ToJsonString()} }} }}")));
        return gateway;
    }

    private static Agent AgentOf(TestGateway gateway, string key) => new(gateway.ClientFor(key), Revision.Modern, new Secrecy());
}
