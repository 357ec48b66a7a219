using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>
/// The arguments of a tool call: some wires carry a JSON object, others a string with one inside, and a model may have written anything into
/// that. A string that holds no object becomes <c>{"arguments": "the string"}</c> where an object is needed; an empty one becomes <c>{}</c>.
/// </summary>
internal readonly struct ToolArguments(JsonElement value)
{
    public const string WrapName = "arguments";

    public void WriteObject(Utf8JsonWriter writer)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            return;
        }

        if (value.ValueKind != JsonValueKind.String || value.ValueEquals(""u8))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }

        var text = value.GetString()!;
        var bytes = Encoding.UTF8.GetBytes(text);
        if (JsonReading.IsObject(bytes))
        {
            writer.WriteRawValue(bytes, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(WrapName, text);
        writer.WriteEndObject();
    }

    public void WriteString(Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
            case JsonValueKind.String when value.ValueEquals(""u8):
                writer.WriteStringValue("{}"u8);
                break;
            case JsonValueKind.String:
                value.WriteTo(writer);
                break;
            default:
                writer.WriteStringValue(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    /// <summary>The JSON text, or what a model wrote in its place.</summary>
    public override string ToString() => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "{}",
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : "{}",
        _ => value.GetRawText(),
    };
}
