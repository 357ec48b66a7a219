using System.Text;
using System.Text.Json;
using Stoa.Ledger.Canonical;

namespace Stoa.Ledger.Tests.Canonical;

/// <summary>RFC 8785 (JCS): its examples, and what has no canonical form.</summary>
public sealed class CanonicalJsonTests
{
    // RFC 8785, sections 3.2.2 and 3.2.4; the sorting example of 3.2.3.
    public static TheoryData<string, string> Examples => new()
    {
        {
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """,
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"""
        },
        {
            """
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
            """,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"
        },
        { "[56, {\"d\": true, \"10\": null, \"1\": [ ]}]", """[56,{"1":[],"10":null,"d":true}]""" },
        { " \"\\u0000\\u0008\\u0009\\u000b\\u001F\\u007f\\u2028\" ", "\"\\u0000\\b\\t\\u000b\\u001f\u007f\u2028\"" },
        { "-0.0", "0" },
        { "{ }", "{}" },
        { """{"b":1,"a\n":2,"a":3,"a\"":4,"a!":5}""", """{"a":3,"a\n":2,"a!":5,"a\"":4,"b":1}""" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_value_has_one_form(string input, string canonical)
    {
        var encoded = CanonicalJson.Encode(Encoding.UTF8.GetBytes(input));

        Assert.Equal(canonical, Encoding.UTF8.GetString(encoded));
        Assert.True(CanonicalJson.IsCanonical(encoded));
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(input)));
        Assert.Equal(encoded, CanonicalJson.Encode(encoded));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("1e400")]
    public void Some_values_have_none(string input) => Assert.Throws<FormatException>(() => CanonicalJson.Encode(Encoding.UTF8.GetBytes(input)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("{\"a\":}")]
    public void What_is_not_JSON_is_refused(string input) => Assert.ThrowsAny<JsonException>(() => CanonicalJson.Encode(Encoding.UTF8.GetBytes(input)));

    [Theory]
    [InlineData("""{"b":1,"a":2}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a": 1}""")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""[1,]""")]
    [InlineData("\"\\u0061\"")]
    [InlineData("\"\\/\"")]
    [InlineData("\"\\u000A\"")]
    [InlineData("\"\\u001F\"")]
    [InlineData("\"\\u0009\"")]
    [InlineData("\"\\u0020\"")]
    [InlineData("\"\t\"")]
    [InlineData("\"")]
    [InlineData("\"\\")]
    [InlineData("\"\\u00")]
    [InlineData("-0")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("1e5")]
    [InlineData("1E+30")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("-")]
    [InlineData("9007199254740993")]
    [InlineData("tru")]
    [InlineData("NaN")]
    [InlineData("e")]
    public void Another_spelling_is_not_canonical(string input) => Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(input)));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_not_canonical() => Assert.False(CanonicalJson.IsCanonical([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"']));

    [Fact]
    public void Nesting_has_an_end()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

        Assert.True(CanonicalJson.IsCanonical(Nested(CanonicalJson.MaxDepth)));
        Assert.False(CanonicalJson.IsCanonical(Nested(CanonicalJson.MaxDepth + 1)));
        Assert.False(CanonicalJson.IsCanonical(Nested(1_000_000)));
    }

    [Fact]
    public void Names_are_ordered_as_UTF16()
    {
        string[] names = ["", "\n", "\u001f", "\"", "1", "10", "\\", "a", "a\n", "a\u000b", "a\"", "a\\", "aa", "\u0080", "ö", "€", "퟿", "😀", "😁", "\U0010ffff", "\ue000", "\ufb33", "\uffff"];
        var escaped = names.Select(name => CanonicalJson.Encode(JsonSerializer.SerializeToUtf8Bytes(name))[1..^1]).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            for (var j = 0; j < names.Length; j++)
            {
                Assert.Equal(Math.Sign(string.CompareOrdinal(names[i], names[j])), Math.Sign(NameOrder.Compare(escaped[i], escaped[j])));
            }
        }
    }
}
