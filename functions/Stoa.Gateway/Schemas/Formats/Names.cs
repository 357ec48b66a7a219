using System.Buffers;
using Stoa.Gateway.Schemas.Patterns;

namespace Stoa.Gateway.Schemas.Formats;

/// <summary>Identifiers of several kinds.</summary>
internal static class Names
{
    private static readonly SearchValues<char> LocalPart =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");

    public static SearchValues<char> HexDigits { get; } = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>RFC 1123 section 2.1; A-labels are taken at their ASCII face.</summary>
    public static bool IsHostName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 253)
        {
            return false;
        }

        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>RFC 5321 section 4.1.2, Mailbox.</summary>
    public static bool IsEmail(ReadOnlySpan<char> text)
    {
        var at = text.LastIndexOf('@');
        if (at is < 1 or > 64)
        {
            return false;
        }

        var local = text[..at];
        var domain = text[(at + 1)..];
        return (local[0] == '"' ? IsQuoted(local) : IsDotted(local)) && (IsHostName(domain) || IsAddressLiteral(domain));
    }

    public static bool IsUuid(ReadOnlySpan<char> text)
    {
        if (text.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>RFC 6901 section 3.</summary>
    public static bool IsJsonPointer(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '~' && (i + 1 == text.Length || text[i + 1] is not ('0' or '1')))
            {
                return false;
            }
        }

        return text.IsEmpty || text[0] == '/';
    }

    public static bool IsRelativeJsonPointer(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var prefix = digits < 0 ? text : text[..digits];
        var rest = text[prefix.Length..];
        return prefix.Length > 0 && (prefix.Length == 1 || prefix[0] != '0') && (rest is "#" || IsJsonPointer(rest));
    }

    public static bool IsRegex(ReadOnlySpan<char> text) => EcmaReader.Read(text.ToString()).Mistake is null;

    private static bool IsDotted(ReadOnlySpan<char> local) =>
        !local.ContainsAnyExcept(LocalPart) && local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0;

    private static bool IsQuoted(ReadOnlySpan<char> local)
    {
        if (local.Length < 2 || local[^1] != '"')
        {
            return false;
        }

        var inner = local[1..^1];
        for (var i = 0; i < inner.Length; i++)
        {
            // A backslash takes the next character with it, so it cannot be the last.
            if (inner[i] is < ' ' or > '~' or '"' || (inner[i] == '\\' && ++i == inner.Length))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAddressLiteral(ReadOnlySpan<char> domain)
    {
        if (domain.Length < 2 || domain[0] != '[' || domain[^1] != ']')
        {
            return false;
        }

        var address = domain[1..^1];
        return address.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? Addresses.IsIPv6(address[5..]) : Addresses.IsIPv4(address);
    }
}
