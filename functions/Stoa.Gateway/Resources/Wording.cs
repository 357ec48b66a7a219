using System.Text;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources;

/// <summary>How faults name what they talk about: short, on one line, and without control characters that could forge another line.</summary>
internal static class Wording
{
    public static string Quoted(string text) => $"`{Shown(text, 60)}`";

    public static string Shown(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return shown.ToString();
    }

    public static string Kind(Node node) => node switch
    {
        MapNode => "a map",
        ListNode => "a list",
        ScalarNode { Kind: ScalarKind.Text } => "text",
        ScalarNode { Kind: ScalarKind.Flag } => "true or false",
        ScalarNode { Kind: ScalarKind.Null } => "nothing",
        ScalarNode { Kind: ScalarKind.Unrepresentable } => "infinity, not-a-number or a number beyond range",
        _ => "a number",
    };

    /// <summary><c>`a`, `b` or `c`</c></summary>
    public static string AnyOf(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nothing",
        1 => $"`{names[0]}`",
        _ => $"{string.Join(", ", names.Take(names.Count - 1).Select(n => $"`{n}`"))} or `{names[^1]}`",
    };
}
