using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>Base64 as it stands in somebody's JSON string, alone or behind the head of a data URL (RFC 2397); copied, never decoded.</summary>
internal readonly struct Base64Text(JsonElement element, int start)
{
    /// <summary>Reads <c>data:media/type;base64,...</c>; false for any other string.</summary>
    public static bool TryReadDataUrl(JsonElement element, out string mediaType, out Base64Text data)
    {
        mediaType = "";
        data = default;
        var url = Unescaped(element);
        var comma = url[..Math.Min(url.Length, 256)].IndexOf((byte)',');
        if (comma < 5 || !Ascii.EqualsIgnoreCase(url[..5], "data:"u8) || !url[..comma].EndsWith(";base64"u8))
        {
            return false;
        }

        var type = url[5..(comma - 7)];
        var parameters = type.IndexOf((byte)';');
        mediaType = Encoding.UTF8.GetString(parameters < 0 ? type : type[..parameters]);
        data = new(element, comma + 1);
        return true;
    }

    public void WriteTo(Utf8JsonWriter writer) => writer.WriteStringValue(Unescaped(element)[start..]);

    /// <summary>As a data URL of that type.</summary>
    public void WriteDataUrl(Utf8JsonWriter writer, string mediaType)
    {
        var data = Unescaped(element)[start..];
        var head = Encoding.UTF8.GetByteCount(mediaType) + 13;
        var url = new byte[head + data.Length];
        "data:"u8.CopyTo(url);
        Encoding.UTF8.GetBytes(mediaType, url.AsSpan(5));
        ";base64,"u8.CopyTo(url.AsSpan(head - 8));
        data.CopyTo(url.AsSpan(head));
        writer.WriteStringValue(url);
    }

    // Base64 needs no escapes, though some writers escape the slash.
    private static ReadOnlySpan<byte> Unescaped(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(element.GetString()!) : raw;
    }
}
