using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>Rewrites JSON with secrets taken out of every name, text and number, however they were escaped.</summary>
internal static class MaskedJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The JSON, or null when the bytes are none.</summary>
    public static ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> bytes, SecretMask mask)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var buffer = new ArrayBufferWriter<byte>(bytes.Length + 16);
            using (var json = new Utf8JsonWriter(buffer, Options))
            {
                Write(json, document.RootElement, mask);
            }

            return buffer.WrittenMemory;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text in it that is no Unicode.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, SecretMask mask)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    json.WritePropertyName(mask.Apply(member.Name));
                    Write(json, member.Value, mask);
                }

                json.WriteEndObject();
                break;

            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item, mask);
                }

                json.WriteEndArray();
                break;

            case JsonValueKind.String:
                json.WriteStringValue(mask.Apply(value.GetString()!));
                break;

            case JsonValueKind.Number when mask.Apply(value.GetRawText()) is var shown && shown != value.GetRawText():
                json.WriteStringValue(shown);
                break;

            default:
                json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }
}
