using System.Globalization;
using System.Text;

namespace Stoa.Cli.Output;

/// <summary>Text from elsewhere as a terminal may show it: control and direction characters are written out, so that no text can move the cursor or lie.</summary>
internal static class Printable
{
    /// <summary>For one line: line ends are written out too.</summary>
    public static string Line(string text) => Escape(text, keepLines: false);

    public static string Lines(string text) => Escape(text, keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if ((keepLines && c is '\n' or '\t') || !IsUnsafe(c))
            {
                escaped?.Append(c);
                continue;
            }

            escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
            escaped.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => $"\\u{(int)c:x4}",
            });
        }

        return escaped?.ToString() ?? text;
    }

    /// <summary>Characters that make text run the other way, so that it reads as what it is not.</summary>
    public static bool IsDirection(char c) => c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    // Format characters hold direction overrides, but also what joins emoji and scripts.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' || IsDirection(c) || char.GetUnicodeCategory(c) == UnicodeCategory.PrivateUse;
}
