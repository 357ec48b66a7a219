using System.Buffers;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Caching;

/// <summary>
/// Arguments in one spelling: members in ordinal order at every level, no white space, text escaped one way. Numbers keep their digits, since
/// 1.0 and 1 may be two things to an endpoint.
/// </summary>
internal static class CanonicalArguments
{
    public static ReadOnlySpan<byte> Bytes(JsonElement arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        Write(json, arguments);
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;

            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;

            case JsonValueKind.String:
                json.WriteStringValue(value.GetString());
                break;

            default:
                json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }
}
