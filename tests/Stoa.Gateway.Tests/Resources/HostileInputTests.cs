using System.Diagnostics;
using System.Text;

namespace Stoa.Gateway.Tests.Resources;

/// <summary>What is sent to break the reader ends in one fault that names the place, soon.</summary>
public class HostileInputTests
{
    [Theory]
    [InlineData("a: !!python/object:os.system x", "line 1, column 4, a: YAML tags (the words that start with !) are not accepted; remove it. To make a value text, put it in quotes.")]
    [InlineData("a: !local [x]", "line 1, column 4, a: YAML tags (the words that start with !) are not accepted; remove it. To make a value text, put it in quotes.")]
    [InlineData("a: &a [*a]", "line 1, column 8, a[0]: The alias (a word that starts with *) names no value that ends before it; define it earlier with &. To make a value text, put it in quotes.")]
    [InlineData("a: 1\nb: 2\na: 3", "line 3, column 1, a: The key `a` was already given at line 1, column 1; keep one of them.")]
    [InlineData("{\"a\": 1,\n \"\\u0061\": 2}", "line 2, column 2, a: The key `a` was already given at line 1, column 2; keep one of them.")]
    [InlineData("a: &x { b: 1 }\nc:\n  <<: *x", "line 3, column 3, c: Merge keys (<<) are not part of YAML 1.2; write the fields out, or use an alias for a whole value.")]
    [InlineData("? [a]\n: b", "line 1, column 3: A key must be plain text: no list, map, alias, anchor or tag.")]
    [InlineData("a:\n  b: 1\n\tc: 2", "line 3, column 1: A tab indents this line, which YAML forbids; use spaces.")]
    [InlineData("a:\n\tb: 1", "line 2, column 1: A tab indents this line, which YAML forbids; use spaces.")]
    [InlineData("a: b: c", "line 1, column 5: The YAML cannot be read on from here: While scanning a plain scalar value, found invalid mapping.")]
    [InlineData("a: \"\\UFFFFFFFF\"", "line 1, column 2: The YAML cannot be read on after this; put texts with special characters in quotes, and check escapes and tags.")]
    [InlineData("a: \0", "line 1, column 4: The control character U+0000 is not allowed here; remove it, or write it as an escape in double quotes.")]
    [InlineData("{\"a\": 1} x", "line 1, column 10: The JSON is complete before this; remove what follows. To send several documents use an array, or YAML with --- between them.")]
    [InlineData("{\"a\": 1", "line 1, column 8: The JSON is malformed here, or ends too early; check quotes, commas and brackets.")]
    [InlineData("{\"ä\":\n  hunter2}", "line 2, column 3: The JSON is malformed here, or ends too early; check quotes, commas and brackets.")]
    [InlineData("{\"a\": 1,}", "line 1, column 9: The JSON is malformed here, or ends too early; check quotes, commas and brackets.")]
    [InlineData("{\"a\": \"\\ud800\"}", "line 1, column 7, a: The text holds half of a surrogate pair, which is no character; write both halves or none.")]
    [InlineData("", "line 1, column 1: The request holds no document; send at least one with apiVersion, kind, metadata and spec.")]
    [InlineData("# nothing\n---\n...\n", "line 1, column 1: The request holds no document; send at least one with apiVersion, kind, metadata and spec.")]
    public void What_cannot_be_read_is_told_exactly(string text, string expected) =>
        Assert.Equal(expected, Reading.Faults(text).Replace("line 1, column 1, kind: `kind` is missing; use `Tenant`, `Consumer`, `QuotaPolicy`, `Plan`, `Subscription`, `Secret`, `Tool`, `ToolSet`, `LlmProvider` or `LlmRoute`.\n", "", StringComparison.Ordinal));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_pointed_out()
    {
        var fault = Assert.Single(Assert.Single(Reading.All([.. "a: ä\nb: ü"u8, 0xE4, (byte)'x'])).Faults);

        Assert.Equal("line 2, column 5: The request is not UTF-8 from here on; save the file as UTF-8.", fault.ToString());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_document() =>
        Assert.Equal([], Assert.Single(Reading.All([.. "\uFEFF"u8, .. Encoding.UTF8.GetBytes(Reading.Tool())])).Faults);

    [Fact]
    public void An_alias_bomb_is_charged_what_it_would_grow_to()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Contains("The request holds more than 500,000 values", Reading.Faults(text.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_repeated_by_alias_is_charged_too()
    {
        var text = $"a: &a {new string('x', 1_000_000)}\nb: [{string.Join(", ", Enumerable.Repeat("*a", 20))}]";

        Assert.Contains("16,777,216 characters", Reading.Faults(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_cannot_stack_levels_beyond_the_limit()
    {
        var text = new StringBuilder("a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n");
        for (var i = 1; i < 8; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [[[[[[[[[[*a{i - 1}]]]]]]]]]]\n");
        }

        Assert.Contains("Nested more than 64 levels deep", Reading.Faults(text.ToString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("x: [")]
    [InlineData("- ")]
    [InlineData("{\"a\":")]
    public void Ten_thousand_levels_end_at_the_sixty_fifth(string opening)
    {
        var text = opening == "x: [" ? opening + new string('[', 10_000) : string.Concat(Enumerable.Repeat(opening, 10_000));

        Assert.EndsWith("Nested more than 64 levels deep; flatten the document.", Reading.Faults(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_four_levels_are_fine()
    {
        var schema = "{ type: object, const: " + new string('[', 61) + new string(']', 61) + " }";

        Assert.NotNull(Reading.Accepted(Reading.Tool($"inputSchema: {schema}")));
        Assert.Contains("Nested more than 64", Reading.Faults(Reading.Tool($"inputSchema: {schema.Replace("[]", "[[]]", StringComparison.Ordinal)}")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_with_too_many_documents_is_refused_whole()
    {
        var documents = Reading.All(string.Concat(Enumerable.Repeat("- x\n", 20_000)));

        Assert.Equal("A request holds at most 10,000 documents. Nothing of it was applied; send it in several requests.", Assert.Single(Assert.Single(documents).Faults).Reason);
    }

    [Fact]
    public void A_request_with_too_many_values_is_refused_whole()
    {
        var big = Reading.Tool($"tags: [{string.Join(", ", Enumerable.Range(0, 600_000))}]");

        var document = Assert.Single(Reading.All($"{Reading.Tool()}\n---\n{big}\n---\n{Reading.Tool()}"));
        Assert.Null(document.Resource);
        Assert.Contains("Nothing of it was applied", Assert.Single(document.Faults).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- a\n")]
    [InlineData("? a\n")]
    [InlineData("---\n")]
    [InlineData("\"a\"\n")]
    [InlineData("a: |\n a\n")]
    [InlineData("&a ")]
    [InlineData("[a,")]
    [InlineData("'a' ")]
    [InlineData(": ")]
    public void Repeating_a_token_does_not_make_it_dear(string token)
    {
        var text = "x: 1\n" + string.Concat(Enumerable.Repeat(token, 1_000_000 / token.Length));
        var started = Stopwatch.GetTimestamp();

        Assert.NotEmpty(Reading.All(text));

        // Linear work takes tenths of a second here; quadratic work would take minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_input_never_throws(int seed)
    {
        var random = new Random(seed);
        string[] pieces =
        [
            "apiVersion: gostoa.dev/v1alpha1\n", "kind: Tool\n", "kind: Secret\n", "metadata:\n", "  name: x\n", "spec:\n", "  data: {a: b}\n", "{", "}", "[", "]", ",", ":", "- ",
            "\n", " ", "\t", "\"", "'", "\\", "\\u", "d8", "00", "&a ", "*a ", "!!", "|", ">", "#", "%YAML 1.2\n", "---\n", "...\n", "? ", "null", "true", "1e999", "0x", "-", "~",
            "\r\n", "\u0085", "\u2028", "é", "😀", "<<", "items: ", "\\x", "\\UFFFFFFFF", "@", "`", "endpoint: https://{a}/{b}?c=d#e\n",
        ];
        for (var i = 0; i < 3000; i++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            if (i % 4 != 0)
            {
                body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)])));
            }

            Assert.All(Reading.All(body), document => Assert.True(document.Faults.Count > 0 ^ document.Resource is not null));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void A_sound_document_with_bytes_changed_never_throws(int seed)
    {
        var random = new Random(seed);
        var sources = Kinds.Registry.All.Select(k => Encoding.UTF8.GetBytes(k.Example)).ToArray();
        for (var i = 0; i < 3000; i++)
        {
            var body = (byte[])sources[i % sources.Length].Clone();
            for (var change = 0; change < 1 + (i % 4); change++)
            {
                body[random.Next(body.Length)] = (byte)random.Next(32, 127);
            }

            Assert.All(Reading.All(body), document => Assert.True(document.Faults.Count > 0 ^ document.Resource is not null));
        }
    }
}
