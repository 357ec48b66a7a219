using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Cli.Output;
using Stoa.Gateway;
using Stoa.Gateway.Resources;

namespace Stoa.Cli.Tests.Output;

/// <summary>YAML that this command prints is read by the gateway's own reader as the same values.</summary>
public sealed class YamlDisplayTests
{
    public static TheoryData<string> Texts =>
    [
        "", " ", "plain", "two words", "123", "-1", "1.5e3", "0x1F", "0o17", "1_000", "12:30:45", "2026-07-28", "true", "False", "NULL", "~", "yes", "no", "on", "Off", "y", "N",
        ".inf", ".NaN", "<<", "=", "- dash", "-", "--", "---", "...", "--- x", "? key", ": value", "a: b", "a:b", "a #b", "#b", "a#b", "'single'", "\"double\"", "it's", "back\\slash",
        "*alias", "&anchor", "!tag", "%dir", "@at", "`tick`", "{flow}", "[flow]", "{", "}", ",", "a, b", "trailing ", " leading", "\ttab", "tab\tinside", "line\nbreak", "line\nbreak\n",
        "line\n\n\nbreaks\n\n", "\nfirst", "  indented\nblock", "block\n  indented", "block\n\n  indented\n", "block\n  \nblank", "trailing \nblank", "cr\rlf\r\n", "bell\a", "esc\u001b[31m", "nul\0", "del\u007f", "nel\u0085",
        "\u2028", "\u2029", "\ufeff", "nbsp\u00a0", "Grüße", "天気", "שלום", "👩‍👩‍👧 family", "🌦️", "\ue000", "e10", "1e", "0b1", "+", ".", "..", "1.2.3.4", "10s", "1MiB",
        "a very long line " + "that goes on and on, with commas, ".PadRight(3000, 'x'),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_comes_back_as_the_same_text(string text)
    {
        Assert.Equal(text, RoundTrip(JsonValue.Create(text))!.GetValue<string>());
        Assert.Equal(text, Assert.Single(RoundTrip(new JsonObject { ["in"] = new JsonArray(JsonValue.Create(text)) })!["in"]!.AsArray())!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_key_comes_back_as_the_same_key(string text)
    {
        Assert.Equal("v", RoundTrip(new JsonObject { [text] = "v" })![text]!.GetValue<string>());
    }

    [Fact]
    public void A_template_is_shown_line_by_line() =>
        Assert.Equal("template: |\n  {\n    \"city\": {{.response.name}}\n  }\n", YamlDisplay.Of(new JsonObject { ["template"] = "{\n  \"city\": {{.response.name}}\n}\n" }));

    [Theory]
    [InlineData("0")]
    [InlineData("-12")]
    [InlineData("1.5")]
    [InlineData("12345678901234567890")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[[],{},[[1]]]")]
    [InlineData("""{"a":[{"b":{"c":[1,"1",true,"true"]}},[]],"d":""}""")]
    public void Everything_else_comes_back_as_it_was(string json)
    {
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), RoundTrip(JsonNode.Parse(json))), YamlDisplay.Of(JsonNode.Parse(json)));
    }

    [Fact]
    public void Random_documents_come_back_as_they_were()
    {
        var random = new Random(20260728);
        for (var i = 0; i < 300; i++)
        {
            var node = Grow(random, 0);
            Assert.True(JsonNode.DeepEquals(node, RoundTrip(node)), node.ToJsonString());
        }
    }

    private static JsonNode Grow(Random random, int depth) => random.Next(depth > 4 ? 2 : 4) switch
    {
        0 => JsonValue.Create(random.Next(-1000, 1000)),
        1 => JsonValue.Create(RandomText(random)),
        2 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Grow(random, depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => new KeyValuePair<string, JsonNode?>($"{i}{RandomText(random)}", Grow(random, depth + 1)))),
    };

    private static string RandomText(Random random)
    {
        const string Alphabet = "ab :#-'\"\\\n\t,[]{}&*!|>%@`?0123456789.é天~";
        return string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
    }

    // Through a free-form field of a Tool, which the gateway keeps as it is.
    private static JsonNode? RoundTrip(JsonNode? value)
    {
        var document = new JsonObject
        {
            ["apiVersion"] = "gostoa.dev/v1alpha1",
            ["kind"] = "Tool",
            ["metadata"] = new JsonObject { ["name"] = "t", ["namespace"] = "acme" },
            ["spec"] = new JsonObject
            {
                ["description"] = "d",
                ["endpoint"] = "https://api.example.com/",
                ["inputSchema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["p"] = new JsonObject { ["default"] = value?.DeepClone() } } },
            },
        };
        var yaml = YamlDisplay.Of(document);
        var read = Assert.Single(new ResourceReader(Kinds.Registry).Read(Encoding.UTF8.GetBytes(yaml), null));
        Assert.True(read.Resource is not null, $"{string.Join('\n', read.Faults)}\n{yaml}");
        using var spec = JsonDocument.Parse(read.Resource.Spec);
        return JsonNode.Parse(spec.RootElement.GetProperty("inputSchema").GetProperty("properties").GetProperty("p").GetProperty("default").GetRawText());
    }
}
