using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>Writes nodes as JSON without white space, maps in the order they have: the bytes follow from the nodes alone.</summary>
internal static class CanonicalJson
{
    // Stored and served as application/json only, never inside HTML: escaping every non-ASCII letter would only cost room.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Bytes(Node node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(node, json);
        }

        return buffer.WrittenMemory;
    }

    public static void Write(Node node, Utf8JsonWriter json)
    {
        switch (node)
        {
            case MapNode map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(entry.Value, json);
                }

                json.WriteEndObject();
                break;

            case ListNode list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(item, json);
                }

                json.WriteEndArray();
                break;

            case ScalarNode scalar:
                Write(scalar, json);
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(node));
        }
    }

    private static void Write(ScalarNode scalar, Utf8JsonWriter json)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                json.WriteNullValue();
                break;
            case ScalarKind.Flag or ScalarKind.Number:
                json.WriteRawValue(scalar.Text, skipInputValidation: true);
                break;
            case ScalarKind.Text:
                json.WriteStringValue(scalar.Text);
                break;
            default:
                throw new InvalidOperationException("A value without a JSON form passed its checks.");
        }
    }
}
