using System.Diagnostics;
using System.Text;
using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tests.Schemas;

public sealed class LimitTests
{
    [Theory]
    [InlineData("allOf")]
    [InlineData("anyOf")]
    [InlineData("oneOf")]
    public void References_that_double_at_each_step_end_with_the_budget(string keyword)
    {
        var defs = string.Join(',', Enumerable.Range(0, 60).Select(i =>
            $$"""
            "d{{i}}": {"{{keyword}}": [{"$ref": "#/$defs/d{{i + 1}}"}, {"$ref": "#/$defs/d{{i + 1}}"}]}
            """));
        var schema = Given.Schema($$"""{"$ref": "#/$defs/d0", "$defs": { {{defs}}, "d60": {"type": "null"} } }""");
        var value = keyword == "allOf" ? "null" : "1";

        Assert.Equal("the value takes too many steps to validate", Given.Findings(schema, value)[^1].Message);
    }

    [Fact]
    public void A_limit_inside_not_is_still_a_refusal()
    {
        var schema = Given.Schema("""{"not": {"items": {"type": "null"}, "minItems": 3000}}""", SchemaOptions.Default with { MaxSteps = 1000 });

        Assert.False(schema.IsValid(Given.Json($"[{string.Join(',', Enumerable.Repeat("null", 3000))}]")));
    }

    [Fact]
    public void A_deep_value_is_refused_on_a_small_stack()
    {
        var schema = Given.Schema("""
            {"$ref": "#/$defs/tree", "$defs": {"tree": {"anyOf": [{"items": {"allOf": [{"$ref": "#/$defs/tree"}]}, "type": "array"}]}}}
            """);
        var deep = new string('[', 900) + new string(']', 900);
        List<SchemaFinding>? findings = null;
        var thread = new Thread(() => findings = Given.Findings(schema, deep), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal("the value is nested too deep for its schema", findings![^1].Message);
    }

    [Fact]
    public void Unique_items_are_found_in_linear_time()
    {
        var schema = Given.Schema("""{"uniqueItems": true}""");
        var items = Enumerable.Range(0, 200_000).Select(i => i % 2 == 0 ? $$"""{"a": {{i}}}""" : $"\"{i}\"").ToList();
        var distinct = Given.Json($"[{string.Join(',', items)}]");
        var repeated = Given.Json($"[{string.Join(',', items)}, \"1\\u0037\"]");

        // Pair by pair these would take minutes.
        var clock = Stopwatch.StartNew();
        Assert.True(schema.IsValid(distinct));
        Assert.False(schema.IsValid(repeated));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"took {clock.Elapsed}");
    }

    [Fact]
    public void Large_equal_objects_with_their_members_reversed_are_the_same_item()
    {
        var members = Enumerable.Range(0, 20_000).Select(i => $"\"k{i}\": {i}").ToArray();
        var instance = Given.Json($$"""[{{{string.Join(',', members)}}}, {{{string.Join(',', members.Reverse())}}}]""");

        Assert.False(Given.Schema("""{"uniqueItems": true}""").IsValid(instance));
    }

    [Fact]
    public void Many_patterns_on_much_text_end_with_the_budget()
    {
        var patterns = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"pattern": "(a|b)*{{i}}$"}"""));
        var schema = Given.Schema($$"""{"allOf": [{"anyOf": [{{patterns}}]}]}""");

        Assert.Contains("too many steps", Given.Findings(schema, $"\"{new string('a', 1_000_000)}\"")[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wide_objects_are_charged_for_every_walk_over_them()
    {
        var rules = string.Join(',', Enumerable.Repeat("""{"required": ["k1"]}""", 200));
        var value = new StringBuilder("{\"k0\": 0");
        for (var i = 1; i < 20_000; i++)
        {
            value.Append($",\"k{i}\": 0");
        }

        Assert.False(Given.Schema($$"""{"allOf": [{{rules}}]}""").IsValid(Given.Json(value.Append('}').ToString())));
    }
}
