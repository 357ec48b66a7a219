using System.Collections.Frozen;

namespace Stoa.Gateway.Schemas.Formats;

/// <summary>A value of <c>format</c> that can be checked. Others, idn- and iri- forms among them, only annotate.</summary>
internal sealed record Format(string Name, string Description, FormatTest Test)
{
    public static FrozenDictionary<string, Format> All { get; } = new Format[]
    {
        new("date-time", "a date and time with offset (RFC 3339), such as 2026-01-31T12:30:00Z", Clock.IsDateTime),
        new("date", "a date (RFC 3339), such as 2026-01-31", Clock.IsDate),
        new("time", "a time with offset (RFC 3339), such as 12:30:00Z", Clock.IsTime),
        new("duration", "a duration (ISO 8601), such as P1DT12H", Clock.IsDuration),
        new("email", "an e-mail address", Names.IsEmail),
        new("hostname", "a host name", Names.IsHostName),
        new("ipv4", "an IPv4 address", Addresses.IsIPv4),
        new("ipv6", "an IPv6 address", Addresses.IsIPv6),
        new("uri", "a URI with a scheme", UriSyntax.IsUri),
        new("uri-reference", "a URI or a relative reference", UriSyntax.IsReference),
        new("uuid", "a UUID", Names.IsUuid),
        new("json-pointer", "a JSON pointer", Names.IsJsonPointer),
        new("relative-json-pointer", "a relative JSON pointer", Names.IsRelativeJsonPointer),
        new("regex", "a regular expression (ECMA-262)", Names.IsRegex),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
}

internal delegate bool FormatTest(ReadOnlySpan<char> text);
