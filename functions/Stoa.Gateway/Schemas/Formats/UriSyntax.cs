using System.Buffers;

namespace Stoa.Gateway.Schemas.Formats;

/// <summary>The grammar of RFC 3986 appendix A. <see cref="Uri"/> would not do: it repairs and accepts more than the grammar has.</summary>
internal static class UriSyntax
{
    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<char> Scheme =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static readonly SearchValues<char> RegName = SearchValues.Create(Unreserved + SubDelimiters + "%");
    private static readonly SearchValues<char> UserInfo = SearchValues.Create(Unreserved + SubDelimiters + "%:");
    private static readonly SearchValues<char> FutureAddress = SearchValues.Create(Unreserved + SubDelimiters + ":");
    private static readonly SearchValues<char> Path = SearchValues.Create(Unreserved + SubDelimiters + "%:@/");
    private static readonly SearchValues<char> Query = SearchValues.Create(Unreserved + SubDelimiters + "%:@/?");

    public static bool IsUri(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(text[0]) && !text[..colon].ContainsAnyExcept(Scheme) && IsRest(text[(colon + 1)..]);
    }

    public static bool IsReference(ReadOnlySpan<char> text)
    {
        // A relative reference has no colon in its first segment, or it would look like a scheme.
        var end = text.IndexOfAny('/', '?', '#');
        return IsUri(text) || ((end < 0 ? text : text[..end]).IndexOf(':') < 0 && IsRest(text));
    }

    private static bool IsRest(ReadOnlySpan<char> text)
    {
        Cut(ref text, '#', out var fragment);
        Cut(ref text, '?', out var query);
        if (text.StartsWith("//"))
        {
            var authority = text[2..];
            var slash = authority.IndexOf('/');
            text = slash < 0 ? [] : authority[slash..];
            if (!IsAuthority(slash < 0 ? authority : authority[..slash]))
            {
                return false;
            }
        }

        return Has(text, Path) && Has(query, Query) && Has(fragment, Query);
    }

    private static bool IsAuthority(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        var host = text[(at + 1)..];
        if (at >= 0 && !Has(text[..at], UserInfo))
        {
            return false;
        }

        var port = host.LastIndexOf(':') is var colon and >= 0 && !host[colon..].Contains(']') ? host[colon..] : [];
        host = host[..^port.Length];
        if (port.Length > 1 && port[1..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        return host.StartsWith("[") ? host.EndsWith("]") && IsLiteral(host[1..^1]) : Has(host, RegName);
    }

    private static bool IsLiteral(ReadOnlySpan<char> address)
    {
        if (Addresses.IsIPv6(address))
        {
            return true;
        }

        var dot = address.IndexOf('.');
        return dot > 1 && address[0] is 'v' or 'V' && !address[1..dot].ContainsAnyExcept(Names.HexDigits)
            && dot + 1 < address.Length && !address[(dot + 1)..].ContainsAnyExcept(FutureAddress);
    }

    private static void Cut(ref ReadOnlySpan<char> text, char mark, out ReadOnlySpan<char> tail)
    {
        var at = text.IndexOf(mark);
        tail = at < 0 ? [] : text[(at + 1)..];
        text = at < 0 ? text : text[..at];
    }

    /// <summary>Only allowed characters, and each percent sign with its two hexadecimal digits.</summary>
    private static bool Has(ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        if (text.ContainsAnyExcept(allowed))
        {
            return false;
        }

        for (var rest = text; rest.IndexOf('%') is var at and >= 0; rest = rest[(at + 3)..])
        {
            if (at + 2 >= rest.Length || !char.IsAsciiHexDigit(rest[at + 1]) || !char.IsAsciiHexDigit(rest[at + 2]))
            {
                return false;
            }
        }

        return true;
    }
}
