using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// Writes an argument by style and explode (OpenAPI 3.1 §4.8.12.3 and its table of examples). Text is percent-encoded as RFC 6570 §3.2.1
/// does, except in headers. Null is what RFC 6570 §2.3 calls undefined, and so is an empty list or object: it is left out.
/// </summary>
/// <remarks>
/// Beyond the table: an item that is itself a list or object is written as its JSON, except that deepObject opens objects within
/// objects (<c>a[b][c]=1</c>) and repeats the name for a list; a value that a style has no form for is written as form writes it.
/// </remarks>
internal static class StyledValue
{
    /// <summary>False when there is nothing to write.</summary>
    public static bool AppendPath(StringBuilder to, ParameterRoute route, in JsonElement value)
    {
        var start = to.Length;
        return route.Style switch
        {
            ParameterStyle.Matrix => AppendMatrix(to, route, value),
            ParameterStyle.Label => AppendJoined(to.Append('.'), value, route.Explode ? "." : ",", route.Explode, encode: true) || Undo(to, start),
            _ => AppendJoined(to, value, ",", route.Explode, encode: true),
        };
    }

    /// <summary>Null when there is nothing to send.</summary>
    public static string? Header(ParameterRoute route, in JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            return value.ValueKind is JsonValueKind.Null ? null : ParameterRoute.TextOf(value);
        }

        var text = new StringBuilder();
        return AppendJoined(text, value, ",", route.Explode, encode: false) ? text.ToString() : null;
    }

    /// <summary>Pairs, each after the separator, which from the second on is <paramref name="between"/>.</summary>
    public static void AppendPairs(StringBuilder to, ParameterRoute route, in JsonElement value, ref string separator, string between)
    {
        if (route.Style is ParameterStyle.DeepObject && value.ValueKind is JsonValueKind.Object)
        {
            AppendDeep(to, route.EncodedName, value, ref separator, between);
        }
        else if (value.ValueKind is JsonValueKind.Array && (route.Explode || route.Style is ParameterStyle.DeepObject))
        {
            foreach (var item in value.EnumerateArray())
            {
                AppendPair(to, route.EncodedName, item, ref separator, between);
            }
        }
        else if (value.ValueKind is JsonValueKind.Object && route.Explode && !route.ObjectAsJson)
        {
            foreach (var member in value.EnumerateObject())
            {
                AppendPair(to, Uri.EscapeDataString(member.Name), member.Value, ref separator, between);
            }
        }
        else if (value.ValueKind is JsonValueKind.Array || (value.ValueKind is JsonValueKind.Object && !route.ObjectAsJson))
        {
            var start = to.Length;
            to.Append(separator).Append(route.EncodedName).Append('=');
            if (AppendJoined(to, value, Delimiter(route.Style), explode: false, encode: true) || Undo(to, start))
            {
                separator = between;
            }
        }
        else
        {
            AppendPair(to, route.EncodedName, value, ref separator, between);
        }
    }

    private static string Delimiter(ParameterStyle style) => style switch
    {
        ParameterStyle.SpaceDelimited => "%20",
        ParameterStyle.PipeDelimited => "%7C",
        _ => ",",
    };

    private static bool AppendMatrix(StringBuilder to, ParameterRoute route, in JsonElement value)
    {
        var start = to.Length;
        if (value.ValueKind is JsonValueKind.Array or JsonValueKind.Object && !route.Explode)
        {
            return AppendJoined(to.Append(';').Append(route.EncodedName).Append('='), value, ",", explode: false, encode: true) || Undo(to, start);
        }

        if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                AppendMatrix(to, route.EncodedName, item);
            }
        }
        else if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                AppendMatrix(to, Uri.EscapeDataString(member.Name), member.Value);
            }
        }
        else
        {
            AppendMatrix(to, route.EncodedName, value);
        }

        return to.Length > start;
    }

    // RFC 6570 §3.2.7: a name without "=" stands for an empty value.
    private static void AppendMatrix(StringBuilder to, string name, in JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.Null)
        {
            var text = Encoded(value);
            to.Append(';').Append(name).Append(text.Length > 0 ? "=" : "").Append(text);
        }
    }

    private static void AppendDeep(StringBuilder to, string name, in JsonElement value, ref string separator, string between)
    {
        foreach (var member in value.EnumerateObject())
        {
            var inner = $"{name}%5B{Uri.EscapeDataString(member.Name)}%5D";
            if (member.Value.ValueKind is JsonValueKind.Object)
            {
                AppendDeep(to, inner, member.Value, ref separator, between);
            }
            else if (member.Value.ValueKind is JsonValueKind.Array)
            {
                foreach (var item in member.Value.EnumerateArray())
                {
                    AppendPair(to, inner, item, ref separator, between);
                }
            }
            else
            {
                AppendPair(to, inner, member.Value, ref separator, between);
            }
        }
    }

    private static void AppendPair(StringBuilder to, string name, in JsonElement value, ref string separator, string between)
    {
        if (value.ValueKind is not JsonValueKind.Null)
        {
            to.Append(separator).Append(name).Append('=').Append(Encoded(value));
            separator = between;
        }
    }

    /// <summary>Items, or names and values, one after the other; exploded objects join each name to its value with "=".</summary>
    private static bool AppendJoined(StringBuilder to, in JsonElement value, string delimiter, bool explode, bool encode)
    {
        var start = to.Length;
        var any = false;
        if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray().Where(i => i.ValueKind is not JsonValueKind.Null))
            {
                to.Append(any ? delimiter : "").Append(Text(item, encode));
                any = true;
            }

            return any;
        }

        if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject().Where(m => m.Value.ValueKind is not JsonValueKind.Null))
            {
                to.Append(any ? delimiter : "").Append(encode ? Uri.EscapeDataString(member.Name) : member.Name);
                to.Append(explode ? "=" : delimiter).Append(Text(member.Value, encode));
                any = true;
            }

            return any;
        }

        to.Append(value.ValueKind is JsonValueKind.Null ? "" : Text(value, encode));
        return value.ValueKind is not JsonValueKind.Null;
    }

    private static string Text(in JsonElement value, bool encode) => encode ? Encoded(value) : ParameterRoute.TextOf(value);

    private static string Encoded(in JsonElement value) => Uri.EscapeDataString(ParameterRoute.TextOf(value));

    private static bool Undo(StringBuilder to, int start)
    {
        to.Length = start;
        return false;
    }
}
