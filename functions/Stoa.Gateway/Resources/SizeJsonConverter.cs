using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Resources;

/// <summary>Sizes of canonical specs in typed records, in bytes.</summary>
internal sealed class SizeJsonConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SizeText.TryParse(reader.GetString(), out var value) ? value : throw new JsonException("Expected a size such as 512KiB.");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) =>
        writer.WriteStringValue(SizeText.Format(value));
}
