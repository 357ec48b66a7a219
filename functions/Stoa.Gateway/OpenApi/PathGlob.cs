using System.Text;
using System.Text.RegularExpressions;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// A pattern of paths: <c>*</c> is anything within a segment, <c>**</c> anything at all, <c>?</c> one character; a final <c>/**</c> takes
/// the path before it too. Matching is linear in the path, whatever the pattern.
/// </summary>
internal sealed class PathGlob(string pattern)
{
    private readonly Regex _regex = new(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public bool Matches(string path) => _regex.IsMatch(path);

    private static string Translate(string pattern)
    {
        var takesParent = pattern.EndsWith("/**", StringComparison.Ordinal);
        var rest = takesParent ? pattern.AsSpan()[..^3] : pattern.AsSpan();
        var regex = new StringBuilder(@"\A");
        while (!rest.IsEmpty)
        {
            var taken = rest.StartsWith("**", StringComparison.Ordinal) ? 2 : 1;
            regex.Append(rest[0] switch
            {
                '*' => taken == 2 ? "[^\n]*" : "[^/\n]*",
                '?' => "[^/\n]",
                var plain => Regex.Escape(plain.ToString()),
            });
            rest = rest[taken..];
        }

        return regex.Append(takesParent ? @"(/[^\n]*)?\z" : @"\z").ToString();
    }
}
