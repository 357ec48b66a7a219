using System.Text;
using System.Text.Json;
using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tests.Schemas;

public sealed class JsonSchemaTests
{
    private const string Tool = """
        {
          "type": "object",
          "properties": {
            "city": {"type": "string", "minLength": 2, "maxLength": 80},
            "units": {"enum": ["metric", "imperial"], "default": "metric"},
            "days": {"type": "integer", "minimum": 1, "maximum": 14},
            "ratio": {"type": "number", "multipleOf": 0.01},
            "where": {"$ref": "#/$defs/point"},
            "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "maxItems": 10, "uniqueItems": true},
            "a": true, "b": true, "c": true, "d": true
          },
          "required": ["city", "days"],
          "additionalProperties": false,
          "anyOf": [{"required": ["units"]}, {"required": ["where"]}],
          "$defs": {
            "point": {"type": "object", "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}, "required": ["lat", "lon"]}
          }
        }
        """;

    private const string Arguments = """
        {"city": "S\u00e3o Paulo", "where": {"lat": -23.55, "lon": 4.66e1}, "days": 7.0, "ratio": 0.35, "tags": ["rain", "wind"]}
        """;

    [Fact]
    public void Valid_arguments_cost_no_allocation()
    {
        var schema = Given.Schema(Tool);
        var arguments = Given.Json(Arguments);
        var findings = new List<SchemaFinding>();

        void Thousand()
        {
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(schema.Validate(arguments, findings));
            }
        }

        // Lazily built automata and pools settle first. A collection that other tests bring about may empty a pool once; what a validation
        // allocates by itself is there every time.
        Thousand();
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Thousand();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void One_schema_serves_many_threads()
    {
        var schema = Given.Schema(Tool);
        var valid = Given.Json(Arguments);
        var invalid = Given.Json("""{"city": "x", "days": 15, "foo": [1]}""");
        var expected = Given.Findings(schema, invalid.GetRawText());
        var wrong = 0;

        Parallel.For(0, 4000, i =>
        {
            var findings = new List<SchemaFinding>();
            var agrees = i % 2 == 0
                ? schema.Validate(valid, findings) && findings.Count == 0
                : !schema.Validate(invalid, findings) && findings.SequenceEqual(expected);
            Interlocked.Add(ref wrong, agrees ? 0 : 1);
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_compiled_schema_outlives_its_document()
    {
        JsonSchema? schema;
        using (var document = JsonDocument.Parse("""{"enum": ["a", {"b": [1]}], "pattern": "^a"}"""))
        {
            Assert.True(JsonSchema.TryCompile(document.RootElement, SchemaOptions.Default, out schema, out _));
        }

        Assert.True(schema.IsValid(Given.Json("""{"b": [1.0]}""")));
        Assert.Single(Given.Findings(schema, """{"b": [2]}"""));
    }

    [Theory]
    [InlineData("""{"const": 1e400}""", "10e399", "1e399")]
    [InlineData("""{"const": {"a": "\u00e9", "b": [0.10]}}""", """{"b": [1e-1], "a": "é"}""", """{"a": "e", "b": [0.1]}""")]
    [InlineData("""{"minimum": 9007199254740993}""", "9007199254740993.0", "9007199254740992")]
    [InlineData("""{"multipleOf": 0.3}""", "3e1", "0.1")]
    [InlineData("""{"multipleOf": 7}""", "49e0", "1e1000000")]
    [InlineData("""{"multipleOf": 25}""", "1e1000000", "1e1")]
    [InlineData("""{"const": 0}""", "-0.0e5", "0.1")]
    [InlineData("""{"minLength": 0e999999999999, "maxLength": 0.2e1, "maxItems": 1e99}""", "\"ab\"", "\"abc\"")]
    public void Numbers_are_compared_exactly(string schema, string valid, string invalid)
    {
        Assert.True(Given.Schema(schema).IsValid(Given.Json(valid)));
        Assert.False(Given.Schema(schema).IsValid(Given.Json(invalid)));
    }

    [Theory]
    [InlineData("^.$", "😀", "😀😀")]
    [InlineData("^[^a]$", "😀", "a")]
    [InlineData("^[😀-😎]+$", "😃😎", "😏")]
    [InlineData(@"^\u{1F600}?\uD83D\uDE01$", "😁", "😀")]
    [InlineData(@"^[\w.-]+@\S+$", "a.b-c@d", "é@d")]
    [InlineData("^a{2,3}$", "aaa", "aaaa")]
    [InlineData("^{x}$", "{x}", "x")]
    [InlineData(@"^(?<year>\d{4})-?[]?$", "2026-", "26")]
    [InlineData(@"^\P{Lu}$", "😀", "A")]
    [InlineData(@"^[^\p{Lu}]$", "😀", "A")]
    public void Patterns_see_code_points(string pattern, string match, string other)
    {
        var schema = Given.Schema($$"""{"pattern": "{{JsonEncodedText.Encode(pattern)}}"}""");

        Assert.True(schema.IsValid(Given.Json($"\"{match}\"")));
        Assert.False(schema.IsValid(Given.Json($"\"{other}\"")));
    }

    [Fact]
    public void The_2020_12_metaschema_judges_schemas()
    {
        var schema = Given.Schema("""{"$ref": "https://json-schema.org/draft/2020-12/schema"}""");

        Assert.True(schema.IsValid(Given.Json(Tool)));
        Assert.Contains(Given.Findings(schema, """{"properties": {"a": {"minLength": "2"}}}"""), f => f.InstancePath == "/properties/a/minLength");
    }

    [Fact]
    public void A_lone_surrogate_or_broken_text_is_just_text()
    {
        var schema = Given.Schema("""
            {"properties": {"a": {"minLength": 2, "pattern": "^x$", "const": "y", "format": "email"}}, "propertyNames": {"minLength": 1},
             "required": ["b"], "additionalProperties": false}
            """, SchemaOptions.Default with { AssertFormats = true });

        Assert.NotEmpty(Given.Findings(schema, """{"a": "\ud800", "\udc00": "\uD83D"}"""));
        Assert.True(Given.Schema("""{"minLength": 1, "maxLength": 1}""").IsValid(Given.Json("\"\\ud83d\"")));
    }

    [Fact]
    public void Text_longer_than_the_stack_buffers_is_judged_the_same()
    {
        var text = new StringBuilder().Insert(0, "\\u00e9", 5000).ToString();

        Assert.True(Given.Schema($$"""{"const": "{{text}}", "minLength": 5000, "maxLength": 5000, "pattern": "^é+$"}""").IsValid(Given.Json($"\"{text}\"")));
    }
}
