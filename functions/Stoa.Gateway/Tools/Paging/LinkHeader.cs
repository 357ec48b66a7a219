namespace Stoa.Gateway.Tools.Paging;

/// <summary>Reads a <c>Link</c> header (RFC 8288 §3) for the target of one relation.</summary>
internal static class LinkHeader
{
    /// <summary>The target of relation <c>next</c> as it stands there; null when there is none.</summary>
    public static string? Next(string? header)
    {
        var rest = header.AsSpan();
        while (rest.IndexOf('<') is var open and >= 0)
        {
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('>');
            if (close < 0)
            {
                return null;
            }

            var target = rest[..close].Trim();
            rest = rest[(close + 1)..];
            if (IsNext(ref rest))
            {
                return target.ToString();
            }
        }

        return null;
    }

    /// <summary>Reads the parameters of one link, up to the comma behind them. A link with another context (anchor) is not about this page.</summary>
    private static bool IsNext(ref ReadOnlySpan<char> rest)
    {
        var isNext = false;
        var hasRelation = false;
        var isElsewhere = false;
        while (true)
        {
            rest = rest.TrimStart(" \t;");
            if (rest.IsEmpty || rest[0] == ',')
            {
                return isNext && !isElsewhere;
            }

            var nameEnd = rest.IndexOfAny("=;,");
            var name = (nameEnd < 0 ? rest : rest[..nameEnd]).Trim();
            rest = nameEnd < 0 ? [] : rest[nameEnd..];
            var value = rest is ['=', ..] ? Value(ref rest) : [];
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase) && !hasRelation)
            {
                // RFC 8288 §3.3: the first counts, and it may name several.
                hasRelation = true;
                isNext = HasWord(value, "next");
            }

            isElsewhere |= name.Equals("anchor", StringComparison.OrdinalIgnoreCase);
        }
    }

    private static ReadOnlySpan<char> Value(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..].TrimStart(" \t");
        if (rest is not ['"', ..])
        {
            var end = rest.IndexOfAny(";,");
            var token = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            return token.Trim();
        }

        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                var quoted = rest[1..i];
                rest = rest[(i + 1)..];
                return quoted;
            }

            i += rest[i] == '\\' ? 1 : 0;
        }

        rest = [];
        return [];
    }

    private static bool HasWord(ReadOnlySpan<char> words, string word)
    {
        foreach (var range in words.Split(' '))
        {
            if (words[range].Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
