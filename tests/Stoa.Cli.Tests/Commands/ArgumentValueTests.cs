using System.Text.Json.Nodes;
using Stoa.Cli.Commands;

namespace Stoa.Cli.Tests.Commands;

/// <summary>A word becomes the value that the schema asks for, and stays a text where it fits nothing.</summary>
public sealed class ArgumentValueTests
{
    [Theory]
    [InlineData("5", """{"type":"string"}""", "\"5\"")]
    [InlineData("5", """{"type":"integer"}""", "5")]
    [InlineData("5.5", """{"type":"number"}""", "5.5")]
    [InlineData("5", """{"type":["integer","string"]}""", "\"5\"")]
    [InlineData("five", """{"type":"integer"}""", "\"five\"")]
    [InlineData("true", """{"type":"boolean"}""", "true")]
    [InlineData("true", """{"type":"string"}""", "\"true\"")]
    [InlineData("yes", """{"type":"boolean"}""", "\"yes\"")]
    [InlineData("null", """{"type":["integer","null"]}""", "null")]
    [InlineData("null", """{"type":"integer"}""", "\"null\"")]
    [InlineData("{\"a\":1}", """{"type":"object"}""", """{"a":1}""")]
    [InlineData("{broken", """{"type":"object"}""", "\"{broken\"")]
    [InlineData("[1,2]", """{"type":"array","items":{"type":"integer"}}""", "[1,2]")]
    [InlineData("1", """{"type":"array","items":{"type":"integer"}}""", "[1]")]
    [InlineData("1", """{"type":"array","items":{"type":"string"}}""", "[\"1\"]")]
    [InlineData("5", "{}", "\"5\"")]
    [InlineData("5", "true", "\"5\"")]
    [InlineData("5", "null", "\"5\"")]
    [InlineData("", """{"type":"integer"}""", "\"\"")]
    public void Follows_the_schema(string word, string schema, string expected) =>
        Assert.Equal(expected, ArgumentValue.Of(word, JsonNode.Parse(schema), isAlone: true)?.ToJsonString() ?? "null");
}
