namespace Stoa.Gateway.Egress;

/// <summary>A Content-Type field (RFC 9110 §8.3) read in place, without copies.</summary>
internal readonly struct ContentKind(string? value)
{
    /// <summary>Type and subtype as sent, e.g. <c>application/json</c>; empty when absent.</summary>
    public ReadOnlySpan<char> MediaType
    {
        get
        {
            var text = value.AsSpan();
            var end = text.IndexOf(';');
            return (end < 0 ? text : text[..end]).Trim();
        }
    }

    /// <summary>The charset parameter without quotes; empty when absent.</summary>
    public ReadOnlySpan<char> Charset
    {
        get
        {
            var rest = value.AsSpan();
            for (var next = rest.IndexOf(';'); next >= 0; next = rest.IndexOf(';'))
            {
                rest = rest[(next + 1)..].TrimStart();
                if (rest.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))
                {
                    rest = rest["charset=".Length..];
                    var end = rest.IndexOf(';');
                    return (end < 0 ? rest : rest[..end]).Trim().Trim('"');
                }
            }

            return default;
        }
    }

    public bool Is(string mediaType) => MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>JSON by its own name or by structured suffix (RFC 6839 §3.1).</summary>
    public bool IsJson => Is("application/json") || MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => value ?? string.Empty;
}
