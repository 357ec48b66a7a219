using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>What an operation takes becomes one input schema, and every argument knows its way.</summary>
public class InputTests
{
    [Fact]
    public async Task Each_method_of_a_path_is_a_tool()
    {
        var expansion = await Expanding.OfAsync(Expanding.Api("""
              /pets/{id}:
                parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
                get: { operationId: getPet, responses: {} }
                put: { operationId: putPet, responses: {} }
                delete: { operationId: deletePet, responses: {} }
            """));

        Assert.Equal(["deletePet", "getPet", "putPet"], expansion.Names());
        Assert.All(expansion.Tools.Select(Expanding.SpecOf), tool =>
        {
            Assert.Equal("https://api.example.com/v1/pets/{id}", tool.Endpoint);
            Assert.Equal(["id"], tool.Required());
            Assert.Null(tool.Parameters);
        });
        Assert.Equal(["DELETE", "GET", "PUT"], expansion.Tools.Select(t => Expanding.SpecOf(t).Method).Order());
    }

    [Fact]
    public async Task Parameters_of_the_operation_win_over_those_of_its_path()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets:
                parameters:
                  - { name: limit, in: query, schema: { type: integer } }
                  - { name: kind, in: query, description: Of which kind., schema: { type: string } }
                get:
                  operationId: listPets
                  parameters: [{ name: limit, in: query, required: true, schema: { type: integer, maximum: 50 } }]
            """));

        Assert.Equal(["kind", "limit"], tool.Arguments());
        Assert.Equal(["limit"], tool.Required());
        tool.Property("limit").IsJson("""{"type":"integer","maximum":50}""");
        tool.Property("kind").IsJson("""{"type":"string","description":"Of which kind."}""");
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(", style: form, explode: false", "Form", false)]
    [InlineData(", style: pipeDelimited", "PipeDelimited", null)]
    [InlineData(", style: spaceDelimited, explode: false", "SpaceDelimited", false)]
    public async Task Lists_travel_in_the_style_that_is_declared(string declared, string? style, bool? explode)
    {
        var tool = await Expanding.OneAsync(Expanding.Api($$"""
              /pets:
                get:
                  operationId: listPets
                  parameters: [{ name: tags, in: query, schema: { type: array, items: { type: string } }{{declared}} }]
            """));

        var wire = tool.Wire("tags")!;
        Assert.Equal((ParameterPlace.Query, null, style, explode), (wire.In, wire.Name, wire.Style?.ToString(), wire.Explode));
    }

    [Fact]
    public async Task Objects_travel_in_the_style_that_is_declared_behind_a_reference_too()
    {
        var tool = await Expanding.OneAsync(Expanding.Api(
            """
              /pets:
                get:
                  operationId: listPets
                  parameters: [{ name: filter, in: query, style: deepObject, explode: true, schema: { $ref: "#/components/schemas/Filter" } }]
            """,
            "  schemas: { Filter: { properties: { color: { type: string } } } }"));

        Assert.Equal(new ParameterSpec(ParameterPlace.Query, null, ParameterStyle.DeepObject, true), tool.Wire("filter"));
        tool.Property("filter").IsJson("""{"$ref":"#/$defs/Filter"}""");
    }

    [Fact]
    public async Task Headers_and_cookies_are_arguments_and_those_of_HTTP_itself_are_not()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets:
                get:
                  operationId: listPets
                  parameters:
                    - { name: X-Trace, in: header, schema: { type: string } }
                    - { name: session, in: cookie, required: true, schema: { type: string } }
                    - { name: Accept, in: header, required: true, schema: { type: string } }
                    - { name: authorization, in: header, required: true, schema: { type: string } }
                    - { name: Host, in: header, schema: { type: string } }
            """));

        Assert.Equal(["X-Trace", "session"], tool.Arguments());
        Assert.Equal(ParameterPlace.Header, tool.Wire("X-Trace")!.In);
        Assert.Equal(ParameterPlace.Cookie, tool.Wire("session")!.In);
    }

    [Fact]
    public async Task The_credentials_own_parameter_is_no_argument()
    {
        var tool = await Expanding.OneAsync(
            Expanding.Api("""
              /pets:
                get:
                  operationId: listPets
                  parameters: [{ name: x-api-key, in: header, required: true, schema: { type: string } }, { name: q, in: query, schema: { type: string } }]
            """),
            "toolDefaults: { auth: { type: apiKey, apiKey: { in: header, name: X-Api-Key, secretRef: { name: pets, key: key } } } }");

        Assert.Equal(["q"], tool.Arguments());
    }

    [Fact]
    public async Task Names_that_models_do_not_take_are_fitted_and_kept_on_the_wire()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets/{pet name}:
                get:
                  operationId: listPets
                  parameters:
                    - { name: "page[size]", in: query, schema: { type: integer } }
                    - { name: $top, in: query, schema: { type: integer } }
                    - { name: pet name, in: path, required: true, schema: { type: string } }
            """));

        Assert.Equal(["page_size", "pet_name", "top"], tool.Arguments());
        Assert.Equal("page[size]", tool.Wire("page_size")!.Name);
        Assert.Equal("$top", tool.Wire("top")!.Name);
        Assert.Equal("https://api.example.com/v1/pets/{pet_name}", tool.Endpoint);
    }

    [Fact]
    public async Task A_name_used_twice_keeps_the_path_and_gives_way_elsewhere()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets/{id}:
                get:
                  operationId: getPet
                  parameters:
                    - { name: id, in: query, schema: { type: integer } }
                    - { name: id, in: header, schema: { type: boolean } }
                    - { name: id, in: path, required: true, schema: { type: string } }
            """));

        Assert.Equal(["header_id", "id", "query_id"], tool.Arguments());
        Assert.Equal(new ParameterSpec(ParameterPlace.Query, "id", null, null), tool.Wire("query_id"));
        Assert.Equal(new ParameterSpec(ParameterPlace.Header, "id", null, null), tool.Wire("header_id"));
        Assert.Null(tool.Wire("id"));
    }

    [Fact]
    public async Task A_path_parameter_that_nobody_declared_is_text()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("  /pets/{id}/photos/{n}:\n    get: { operationId: getPhoto }"));

        Assert.Equal(["id", "n"], tool.Required());
        tool.Property("n").IsJson("""{"type":"string"}""");
    }

    [Fact]
    public async Task Members_of_an_object_are_arguments_of_their_own()
    {
        var tool = await Expanding.OneAsync(Expanding.Api(
            """
              /stores/{store}/pets:
                post:
                  operationId: addPet
                  parameters: [{ name: notify, in: query, schema: { type: boolean } }]
                  requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/NewPet" } } } }
            """,
            """
              schemas:
                NewPet: { allOf: [{ $ref: "#/components/schemas/Named" }, { type: object, required: [kind], properties: { kind: { $ref: "#/components/schemas/Kind" } } }] }
                Named: { type: object, required: [name], properties: { name: { type: string }, id: { type: string, readOnly: true } } }
                Kind: { type: string, enum: [cat, dog] }
            """));

        Assert.Equal(["kind", "name", "notify", "store"], tool.Arguments());
        Assert.Equal(["kind", "name", "store"], tool.Required());
        Assert.Equal(ParameterPlace.Query, tool.Wire("notify")!.In);
        Assert.Null(tool.Wire("name"));
        tool.Property("kind").IsJson("""{"$ref":"#/$defs/Kind"}""");
        tool.InputSchema.GetProperty("$defs").IsJson("""{"Kind":{"type":"string","enum":["cat","dog"]}}""");
        Assert.False(tool.InputSchema.GetProperty("additionalProperties").GetBoolean());
    }

    [Theory]
    [InlineData("{ type: array, items: { type: string } }")]
    [InlineData("{ type: string }")]
    [InlineData("{ type: object }")]
    [InlineData("{ type: object, properties: { a: { type: string } }, additionalProperties: true }")]
    [InlineData("{ oneOf: [{ type: object, properties: { a: { type: string } } }, { type: object, properties: { b: { type: string } } }] }")]
    [InlineData("{ type: object, properties: { id: { type: string } } }")]
    [InlineData("{ type: object, properties: { \"no good\": { type: string } } }")]
    [InlineData("{ type: object, properties: { a: { type: string } }, minProperties: 1 }")]
    [InlineData("{ allOf: [{ properties: { a: { type: string } } }, { properties: { a: { maxLength: 3 } } }] }")]
    [InlineData("{}")]
    [InlineData("true")]
    public async Task Any_other_body_is_one_argument(string schema)
    {
        var tool = await Expanding.OneAsync(Expanding.Api($$"""
              /pets/{id}:
                post:
                  operationId: changePet
                  requestBody: { required: true, content: { application/json: { schema: {{schema}} } } }
            """));

        Assert.Equal(["body", "id"], tool.Arguments());
        Assert.Equal(["body", "id"], tool.Required());
        Assert.Equal(ParameterPlace.WholeBody, tool.Wire("body")!.In);
    }

    [Fact]
    public async Task A_body_that_may_be_left_out_is_left_out_whole()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets:
                post:
                  operationId: addPet
                  requestBody: { description: The pet., content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string } } } } } }
            """));

        Assert.Equal(["body"], tool.Arguments());
        Assert.Empty(tool.Required());
        Assert.Equal("The pet.", tool.Property("body").GetProperty("description").GetString());
    }

    [Fact]
    public async Task A_body_beside_a_parameter_called_body_finds_another_name()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets/{body}:
                delete:
                  operationId: deletePet
                  requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { why: { type: string } } } } } }
            """));

        Assert.Equal(["body", "body_2"], tool.Arguments());
        Assert.Equal(ParameterPlace.WholeBody, tool.Wire("body_2")!.In);
    }

    [Theory]
    [InlineData("post: { operationId: a, requestBody: { content: { multipart/form-data: {} } } }", "multipart/form-data")]
    [InlineData("post: { operationId: a, requestBody: { content: { application/merge-patch+json: {} } } }", "application/merge-patch+json")]
    [InlineData("get: { operationId: a, requestBody: { required: true, content: { application/json: {} } } }", "no meaning for GET")]
    [InlineData("head: { operationId: a }", "GET, POST")]
    [InlineData("post: { operationId: a, callbacks: { done: { '{$request.body#/url}': { post: {} } } } }", "calling back")]
    [InlineData("get: { operationId: a, parameters: [{ name: q, in: query, required: true, content: { application/json: {} } }] }", "`q` is described by `content`")]
    [InlineData("get: { operationId: a, parameters: [{ name: Host, in: header, required: true, schema: {} }] }", "belongs to the HTTP client")]
    [InlineData("get: { operationId: a, parameters: [{ $ref: '#/components/parameters/None' }] }", "leads nowhere")]
    [InlineData("get: { operationId: a, parameters: [{ $ref: 'https://evil.example/x.yaml#/P' }] }", "another document")]
    [InlineData("get: { operationId: a, parameters: [{ name: q, in: query, schema: { $ref: 'file:///etc/passwd' } }] }", "another document")]
    [InlineData("get: { operationId: a, servers: [{ url: 'ftp://example.com' }] }", "baseURL")]
    [InlineData("get: { operationId: a, servers: [{ url: /v2 }] }", "relative URL")]
    public async Task What_a_tool_cannot_do_is_skipped_and_says_why(string operation, string reason)
    {
        Assert.Contains(reason, await Expanding.ReasonAsync(Expanding.Api($"  /pets:\n    {operation}")), StringComparison.Ordinal);
    }
}
