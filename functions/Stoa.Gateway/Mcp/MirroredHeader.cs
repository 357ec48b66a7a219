using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Mcp;

/// <summary>Holds a header that mirrors part of the body against that part (2026-07-28, streamable HTTP: value encoding, server validation).</summary>
internal static class MirroredHeader
{
    private const string Prefix = "=?base64?";
    private const string Suffix = "?=";

    // RFC 9110 §5.5: visible ASCII, space and tab.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t']);

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Null when header and body agree; both absent is agreement.</summary>
    public static RpcError? Check(string? header, string name, string? expected)
    {
        if (header is null || expected is null)
        {
            return header is null && expected is null ? null
                : header is null ? RpcError.HeaderMismatch($"The {name} header is missing.")
                : RpcError.HeaderMismatch($"The {name} header has no counterpart in the body.");
        }

        return Decode(header) is not { } value ? RpcError.HeaderMismatch($"The {name} header is not valid base64 of UTF-8.")
            : value == expected ? null
            : RpcError.HeaderMismatch($"The {name} header does not match the body.");
    }

    /// <summary>The same for an argument; integers compare as numbers (SHOULD), null counts as absent.</summary>
    public static RpcError? Check(string? header, string name, JsonElement argument) => argument.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => Check(header, name, expected: null),
        JsonValueKind.String => Check(header, name, argument.GetString()),
        JsonValueKind.True => Check(header, name, "true"),
        JsonValueKind.False => Check(header, name, "false"),
        JsonValueKind.Number when header is not null && SameNumber(Decode(header), argument) => null,
        _ => Check(header, name, argument.GetRawText()),
    };

    private static bool SameNumber(string? text, JsonElement number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var left) && number.TryGetDecimal(out var right) && left == right;

    private static string? Decode(string header)
    {
        if (!header.StartsWith(Prefix, StringComparison.Ordinal) || !header.EndsWith(Suffix, StringComparison.Ordinal) || header.Length < Prefix.Length + Suffix.Length)
        {
            return header.AsSpan().ContainsAnyExcept(Plain) ? null : header;
        }

        var encoded = header.AsSpan(Prefix.Length, header.Length - Prefix.Length - Suffix.Length);
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
        {
            return null;
        }

        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
