using System.Buffers.Text;

namespace Stoa.Gateway.Kernel;

/// <summary>What the JSON reader lets pass and a careful gateway must not.</summary>
public static class JsonText
{
    /// <summary>At most so many characters of a caller's text, for quoting it back; never half a surrogate pair.</summary>
    public static string Shorten(string text, int max) =>
        text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];

    /// <summary>
    /// Whether an escape names half of a surrogate pair (RFC 8259 §8.2): such a string has no UTF-8 form, so readers disagree about it.
    /// Looks at escapes only, so it costs nothing where there are none.
    /// </summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> json)
    {
        var expectLow = false;
        while (true)
        {
            var at = json.IndexOf((byte)'\\');
            if (at < 0 || at + 1 >= json.Length)
            {
                return expectLow;
            }

            if (expectLow && at != 0)
            {
                return true;
            }

            var unit = json[at + 1] == 'u' && at + 6 <= json.Length && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort value, out var used, 'x') && used == 4 ? value : 0;
            var isHigh = unit is >= 0xD800 and <= 0xDBFF;
            var isLow = unit is >= 0xDC00 and <= 0xDFFF;
            if (expectLow != isLow)
            {
                return true;
            }

            expectLow = isHigh;
            json = json[(at + (unit == 0 ? 2 : 6))..];
        }
    }
}
