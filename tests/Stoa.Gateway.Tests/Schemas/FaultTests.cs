using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tests.Schemas;

public sealed class FaultTests
{
    [Theory]
    [InlineData("""{"properties": {"a": {"type": "strnig"}}}""", "#/properties/a/type", "\"strnig\" is no type; did you mean \"string\"?")]
    [InlineData("""{"type": "file"}""", "#/type", "\"file\" is no type; types are object, array, string, number, integer, boolean, null")]
    [InlineData("""{"minLength": -1}""", "#/minLength", "minLength must be an integer of 0 or more")]
    [InlineData("""{"multipleOf": 0}""", "#/multipleOf", "multipleOf must be greater than 0")]
    [InlineData("""{"required": "id"}""", "#/required", "required must be a list of property names")]
    [InlineData("""{"properties": ["a"]}""", "#/properties", "properties must be an object")]
    [InlineData("""{"items": 3}""", "#/items", "a schema must be an object, true or false")]
    [InlineData("""{"pattern": "(a"}""", "#/pattern", "the pattern (a is no regular expression: a ( has no )")]
    [InlineData("""{"$ref": "#/$defs/adress", "$defs": {"address": {}}}""", "#/$ref", "$ref \"#/$defs/adress\" leads nowhere; did you mean #/$defs/address?")]
    [InlineData("""{"$ref": "#nobody"}""", "#/$ref", "$ref \"#nobody\" leads nowhere")]
    [InlineData("3", "#", "a schema must be an object, true or false")]
    [InlineData("""{"const": "\ud800"}""", "#", "the schema is not valid Unicode: it has broken UTF-8 or half a surrogate pair")]
    public void A_fault_says_where_and_what(string schema, string location, string reason) =>
        Assert.Equal(new SchemaFault(location, reason), Given.Fault(schema));

    [Theory]
    [InlineData("^(?=a)", "looks ahead or behind")]
    [InlineData("(?<!a)b", "looks ahead or behind")]
    [InlineData(@"(a)\1", "refers back")]
    [InlineData(@"(?<n>a)\k<n>", "refers back")]
    [InlineData(@"\p{Script=Greek}", "general categories")]
    [InlineData("((a{100}){100}){100}", "repeats so much")]
    [InlineData("a{5000}", "repeats more than 1000 times")]
    [InlineData("(?i)a", "inline flags")]
    [InlineData(@"\Aa", "no ECMA-262 escape")]
    [InlineData("a**", "nothing to repeat")]
    [InlineData("[b-a]", "wrong way round")]
    [InlineData("a)", "a ) has no (")]
    public void A_pattern_that_cannot_run_in_linear_time_is_refused(string pattern, string reason) =>
        Assert.Contains(reason, Given.Fault($$"""{"pattern": {{Quote(pattern)}}}""").Reason, StringComparison.Ordinal);

    [Fact]
    public void A_remote_reference_is_never_fetched()
    {
        var fault = Given.Fault("""{"properties": {"a": {"$ref": "https://example.com/a.json"}}}""");

        Assert.Equal("#/properties/a/$ref", fault.Location);
        Assert.Contains("nothing is ever fetched", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$ref": "#"}""")]
    [InlineData("""{"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"if": {"$ref": "#/$defs/a"}}}}""")]
    [InlineData("""{"dependentSchemas": {"x": {"anyOf": [true, {"$ref": "#"}]}}}""")]
    public void A_schema_that_would_never_end_is_refused(string schema) =>
        Assert.Contains("would never end", Given.Fault(schema).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_schema_beyond_a_limit_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"not":""", 100)) + "true" + new string('}', 100);
        var wide = $$"""{"allOf": [{{string.Join(',', Enumerable.Repeat("{}", 20_000))}}]}""";
        var large = $$"""{"description": "{{new string('x', 300_000)}}"}""";

        Assert.Contains("more than 64 levels deep", Given.Fault(deep).Reason, StringComparison.Ordinal);
        Assert.Contains("more than 10000 subschemas", Given.Fault(wide).Reason, StringComparison.Ordinal);
        Assert.Contains("larger than 262144 bytes", Given.Fault(large).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"type": "null"}}, "$ref": "#/definitions/a"}""", "null", "1")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "null"}], "additionalItems": false}""", "[null]", "[null, 1]")]
    [InlineData("""{"minimum": 1, "exclusiveMinimum": true}""", "2", "1")]
    [InlineData("""{"dependencies": {"a": ["b"]}}""", """{"a": 1, "b": 2}""", """{"a": 1}""")]
    [InlineData("""{"$schema": "https://example.com/unknown", "type": "null", "x-vendor": 1}""", "null", "1")]
    public void Older_and_unknown_dialects_are_read_as_far_as_they_coincide(string schema, string valid, string invalid)
    {
        var compiled = Given.Schema(schema);

        Assert.True(compiled.IsValid(Given.Json(valid)));
        Assert.False(compiled.IsValid(Given.Json(invalid)));
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
}
