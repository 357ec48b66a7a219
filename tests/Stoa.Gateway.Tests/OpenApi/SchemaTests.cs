namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Schemas say in JSON Schema 2020-12 what they said in the description, and stand by themselves.</summary>
public class SchemaTests
{
    [Theory]
    [InlineData("{ type: string, nullable: true }", """{"type":["string","null"]}""")]
    [InlineData("{ type: string, nullable: false }", """{"type":"string"}""")]
    [InlineData("{ type: string, nullable: true, enum: [a, b] }", """{"type":["string","null"],"enum":["a","b",null]}""")]
    [InlineData("{ nullable: true, allOf: [{ type: string }] }", """{"anyOf":[{"allOf":[{"type":"string"}]},{"type":"null"}]}""")]
    [InlineData("{ nullable: true, anyOf: [{ type: string }] }", """{"anyOf":[{"type":"string"},{"type":"null"}]}""")]
    [InlineData("{ type: integer, minimum: 1, exclusiveMinimum: true }", """{"type":"integer","exclusiveMinimum":1}""")]
    [InlineData("{ type: integer, maximum: 9, exclusiveMaximum: false }", """{"type":"integer","maximum":9}""")]
    [InlineData("{ type: string, example: cat }", """{"type":"string","examples":["cat"]}""")]
    [InlineData("{ type: string, xml: { name: x }, x-order: 3, externalDocs: { url: 'https://x.example' } }", """{"type":"string"}""")]
    [InlineData("{ type: array, items: { type: string, nullable: true } }", """{"type":"array","items":{"type":["string","null"]}}""")]
    public async Task The_dialect_of_3_0_is_translated(string schema, string expected) => (await PropertyAsync(schema, "3.0.3")).IsJson(expected);

    [Theory]
    [InlineData("{ type: [string, 'null'], const: x }", """{"type":["string","null"],"const":"x"}""")]
    [InlineData("{ type: integer, exclusiveMinimum: 1 }", """{"type":"integer","exclusiveMinimum":1}""")]
    [InlineData("{ type: array, prefixItems: [{ type: string }], items: false }", """{"type":"array","prefixItems":[{"type":"string"}],"items":false}""")]
    [InlineData("{ type: object, patternProperties: { '^x': { example: 1 } } }", """{"type":"object","patternProperties":{"^x":{"examples":[1]}}}""")]
    [InlineData("{ if: { type: string }, then: { minLength: 1 }, else: { not: { type: 'null' } } }", """{"if":{"type":"string"},"then":{"minLength":1},"else":{"not":{"type":"null"}}}""")]
    [InlineData("{ enum: [{ $ref: data }], default: { $ref: data } }", """{"enum":[{"$ref":"data"}],"default":{"$ref":"data"}}""")]
    public async Task The_dialect_of_3_1_passes_as_it_is(string schema, string expected) => (await PropertyAsync(schema, "3.1.0")).IsJson(expected);

    [Fact]
    public async Task A_schema_that_contains_itself_stays_finite()
    {
        var tool = await Expanding.OneAsync(Expanding.Api(
            "  /trees:\n    get: { operationId: getTree, parameters: [{ name: tree, in: query, schema: { $ref: '#/components/schemas/Tree' } }] }",
            "  schemas: { Tree: { type: object, properties: { left: { $ref: '#/components/schemas/Tree' }, leaf: { $ref: '#/components/schemas/Tree/properties/left' } } } }"));

        tool.InputSchema.GetProperty("$defs").IsJson(
            """{"Tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/Tree"},"leaf":{"$ref":"#/$defs/left"}}},"left":{"$ref":"#/$defs/Tree"}}""");
    }

    [Fact]
    public async Task Members_beside_a_reference_count_since_3_1_only()
    {
        const string Paths = "  /a:\n    get: { operationId: a, parameters: [{ name: q, in: query, schema: { type: object, properties: { k: { $ref: '#/components/schemas/K', description: Own. } } } }] }";
        const string Schemas = "  schemas: { K: { type: string } }";

        var old = await Expanding.OneAsync(Expanding.Api(Paths, Schemas, "3.0.0"));
        var recent = await Expanding.OneAsync(Expanding.Api(Paths, Schemas, "3.2.0"));

        old.Property("q").GetProperty("properties").GetProperty("k").IsJson("""{"$ref":"#/$defs/K"}""");
        recent.Property("q").GetProperty("properties").GetProperty("k").IsJson("""{"$ref":"#/$defs/K","description":"Own."}""");
    }

    [Fact]
    public async Task Two_schemas_of_one_name_stay_two()
    {
        var tool = await Expanding.OneAsync(Expanding.Api(
            """
              /a:
                get:
                  operationId: a
                  parameters:
                    - { name: x, in: query, schema: { $ref: "#/components/schemas/One" } }
                    - { name: y, in: query, schema: { $ref: "#/components/schemas/Deep/properties/One" } }
            """,
            "  schemas: { One: { type: string }, Deep: { properties: { One: { type: integer } } } }"));

        tool.InputSchema.GetProperty("$defs").IsJson("""{"One":{"type":"string"},"One_2":{"type":"integer"}}""");
        tool.Property("y").IsJson("""{"$ref":"#/$defs/One_2"}""");
    }

    [Fact]
    public async Task What_is_sent_lacks_what_only_comes_back_and_the_other_way_round()
    {
        var tool = await Expanding.OneAsync(
            Expanding.Api(
                """
                  /users:
                    post:
                      operationId: addUser
                      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [user], properties: { user: { $ref: "#/components/schemas/User" } } } } } }
                      responses: { "201": { description: Made., content: { application/json: { schema: { $ref: "#/components/schemas/User" } } } } }
                """,
                """
                  schemas:
                    User: { type: object, required: [id, name, password], properties: { id: { type: string, readOnly: true }, name: { type: string }, password: { type: string, writeOnly: true } } }
                """),
            "outputSchemas: true");

        tool.InputSchema.GetProperty("$defs").GetProperty("User").IsJson(
            """{"type":"object","required":["name","password"],"properties":{"name":{"type":"string"},"password":{"type":"string"}}}""");
        tool.OutputSchema!.Value.IsJson(
            """{"type":"object","$ref":"#/$defs/User","$defs":{"User":{"type":"object","required":["id","name"],"properties":{"id":{"type":"string"},"name":{"type":"string"}}}}}""");
    }

    [Theory]
    [InlineData("\"200\": { content: { application/json: { schema: { type: object } } } }", true)]
    [InlineData("\"201\": { content: { application/json: { schema: { type: object } } } }, default: {}", true)]
    [InlineData("\"200\": { content: { application/json: { schema: { type: array } } } }", false)]
    [InlineData("\"200\": { content: { application/json: { schema: { type: object } } } }, \"204\": {}", false)]
    [InlineData("\"200\": { content: { text/plain: {} } }", false)]
    [InlineData("\"200\": { content: { application/json: { schema: { type: object, properties: { a: { pattern: '(' } } } } } }", false)]
    public async Task An_answer_is_promised_only_when_it_can_be_kept(string responses, bool promised)
    {
        var api = Expanding.Api($"  /a:\n    get: {{ operationId: a, responses: {{ {responses} }} }}");

        Assert.Equal(promised, (await Expanding.OneAsync(api, "outputSchemas: true")).OutputSchema is not null);
        Assert.Null((await Expanding.OneAsync(api)).OutputSchema);
    }

    private static async Task<System.Text.Json.JsonElement> PropertyAsync(string schema, string version) =>
        (await Expanding.OneAsync(Expanding.Api($"  /a:\n    get: {{ operationId: a, parameters: [{{ name: q, in: query, schema: {schema} }}] }}", version: version))).Property("q");
}
