using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tests.Schemas;

public sealed class FindingTests
{
    [Theory]
    [InlineData("""{"properties": {"city": {"minLength": 2}}}""", """{"city": "x"}""", "/city must be a string of at least 2 characters")]
    [InlineData("""{"properties": {"units": {"enum": ["metric", "imperial"]}}}""", """{"units": 1}""", "/units must be one of \"metric\", \"imperial\"")]
    [InlineData("""{"properties": {"v": {"const": 3}}}""", """{"v": 4}""", "/v must be 3")]
    [InlineData("""{"type": "object"}""", "[]", "the value must be an object")]
    [InlineData("""{"type": ["integer", "null"]}""", "1.5", "the value must be an integer or null")]
    [InlineData("""{"items": {"exclusiveMaximum": 10}}""", "[9, 10]", "/1 must be less than 10")]
    [InlineData("""{"multipleOf": 0.01}""", "0.015", "the value must be a multiple of 0.01")]
    [InlineData("""{"required": ["id"]}""", "{}", "the value must have the property \"id\"")]
    [InlineData("""{"dependentRequired": {"card": ["owner"]}}""", """{"card": 1}""", "the value must have the property \"owner\" because \"card\" is there")]
    [InlineData("""{"properties": {"tags": {"uniqueItems": true}}}""", """{"tags": [1, 1.0]}""", "/tags must not have the same item twice")]
    [InlineData("""{"properties": {"a": {"pattern": "^x$"}}}""", """{"a": "secret"}""", "/a must match the pattern ^x$")]
    [InlineData("""{"propertyNames": {"maxLength": 2}}""", """{"long": 1}""", "the property name \"long\" must be a string of at most 2 characters")]
    [InlineData("""{"not": {"type": "null"}}""", "null", "the value must not match #/not")]
    [InlineData("""{"contains": {"type": "null"}}""", "[1]", "the value must have at least 1 item that matches #/contains")]
    [InlineData("""{"prefixItems": [true], "items": false}""", "[1, 2]", "the value must have at most 1 item")]
    [InlineData("""{"maxProperties": 1}""", """{"a": 1, "b": 2}""", "the value must have at most 1 property")]
    public void A_finding_says_what_the_value_should_be(string schema, string instance, string message) =>
        Assert.Equal(message, Assert.Single(Given.Findings(Given.Schema(schema), instance)).Message);

    [Fact]
    public void An_unknown_property_is_told_which_one_was_probably_meant()
    {
        var schema = Given.Schema("""{"properties": {"units": true, "city": true}, "additionalProperties": false}""");

        var findings = Given.Findings(schema, """{"unit": 1, "zebra": 2}""");

        Assert.Equal(["unknown property /unit; did you mean \"units\"?", "unknown property /zebra"], findings.Select(f => f.Message));
        Assert.All(findings, f => Assert.Equal("#/additionalProperties", f.SchemaLocation));
    }

    [Fact]
    public void Findings_carry_pointers_into_the_instance_and_the_schema()
    {
        var schema = Given.Schema("""{"properties": {"a/b": {"items": {"$ref": "#/$defs/n~"}}}, "$defs": {"n~": {"type": "number"}}}""");

        var finding = Assert.Single(Given.Findings(schema, """{"a/b": [1, "x"]}"""));

        Assert.Equal(("/a~1b/1", "type", "#/$defs/n~0/type"), (finding.InstancePath, finding.Keyword, finding.SchemaLocation));
    }

    [Fact]
    public void The_alternative_that_comes_nearest_explains_itself()
    {
        var schema = Given.Schema("""
            {"anyOf": [
              {"type": "string"},
              {"type": "object", "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}},
              {"type": "object", "properties": {"kind": {"const": "square"}, "side": {"type": "number"}, "radius": false}}]}
            """);

        var findings = Given.Findings(schema, """{"kind": "circle", "radius": "2"}""");

        Assert.Equal(["#/anyOf", "#/anyOf/1/properties/radius/type"], findings.Select(f => f.SchemaLocation));
    }

    [Fact]
    public void More_than_one_match_of_oneOf_is_said_to_be_too_many()
    {
        var findings = Given.Findings(Given.Schema("""{"oneOf": [{"type": "number"}, {"minimum": 0}]}"""), "1");

        Assert.Equal("the value must match exactly one of 2 alternatives but matches more", Assert.Single(findings).Message);
    }

    [Fact]
    public void All_failures_are_found_up_to_the_limit()
    {
        var schema = Given.Schema("""{"items": {"type": "string"}}""");

        Assert.Equal(SchemaOptions.Default.MaxFindings, Given.Findings(schema, $"[{string.Join(',', Enumerable.Range(0, 100))}]").Count);
    }

    [Fact]
    public void Values_of_the_instance_are_never_quoted()
    {
        var schema = Given.Schema("""
            {"properties": {"p": {"type": "number", "pattern": "^a$", "maxLength": 1, "enum": ["x"], "const": "y", "not": true, "format": "uuid"}}}
            """, SchemaOptions.Default with { AssertFormats = true });

        var findings = Given.Findings(schema, """{"p": "hunter2"}""");

        Assert.Equal(7, findings.Count);
        Assert.All(findings, f => Assert.DoesNotContain("hunter2", f.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_value_is_invalid()
    {
        var findings = new List<SchemaFinding>();

        Assert.False(Given.Schema("true").Validate(default, findings));
        Assert.Equal("the value is missing", Assert.Single(findings).Message);
    }
}
