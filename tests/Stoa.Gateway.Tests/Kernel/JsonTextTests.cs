using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Kernel;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("""{"a":"plain"}""", false)]
    [InlineData("""{"a":"\ud83d\ude00"}""", false)]
    [InlineData("""{"a":"\uD83D\uDE00"}""", false)]
    [InlineData("""{"a":"\ud83d"}""", true)]
    [InlineData("""{"a":"\ude00"}""", true)]
    [InlineData("""{"a":"\ude00\ud83d"}""", true)]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", true)]
    [InlineData("""{"a":"\ud83dx\ude00"}""", true)]
    [InlineData("""{"a":"\ud83d\n\ude00"}""", true)]
    [InlineData("""{"a":"\ud83d","b":"\ude00"}""", true)]
    [InlineData("""{"\ud83d":1}""", true)]
    [InlineData("""{"a":"\\ud83d"}""", false)]
    [InlineData("""{"a":"\\\ud83d"}""", true)]
    [InlineData("""{"a":"\"\ud83d\ude00"}""", false)]
    [InlineData("", false)]
    public void Half_a_pair_is_found(string json, bool expected) => Assert.Equal(expected, JsonText.HasLoneSurrogate(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void It_agrees_with_decoding_the_string_unit_by_unit()
    {
        string[] pieces = [@"\ud83d", @"\uDE00", @"\udbff", @"\uDC00", @"\u0041", @"\\", @"\n", @"\""", "u", "d83d", "é", "😀", "a"];
        var random = new Random(20260101);
        var found = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
            var expected = HasLoneSurrogate(Decoded(body));
            found += expected ? 1 : 0;

            Assert.True(expected == JsonText.HasLoneSurrogate(Encoding.UTF8.GetBytes($"\"{body}\"")), body);
        }

        Assert.InRange(found, 20_000, 80_000);
    }

    [Fact]
    public void Whatever_the_bytes_it_ends_without_a_fault()
    {
        var random = new Random(20260101);
        var alphabet = "\\\\\\uuDd8cC0\"x"u8.ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = random.GetItems(alphabet, random.Next(16));
            JsonText.HasLoneSurrogate(bytes);
        }
    }

    /// <summary>The UTF-16 units of the inside of a JSON string.</summary>
    private static string Decoded(string body)
    {
        var units = new StringBuilder();
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                units.Append(body[i]);
            }
            else if (body[++i] == 'u')
            {
                units.Append((char)Convert.ToUInt16(body.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                units.Append('?');
            }
        }

        return units.ToString();
    }

    private static bool HasLoneSurrogate(string units)
    {
        for (var i = 0; i < units.Length; i++)
        {
            if (char.IsHighSurrogate(units[i]) && i + 1 < units.Length && char.IsLowSurrogate(units[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(units[i]))
            {
                return true;
            }
        }

        return false;
    }
}
