using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Resources;

/// <summary>Durations of canonical specs in typed records.</summary>
internal sealed class DurationJsonConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DurationText.TryParse(reader.GetString(), out var value) ? value : throw new JsonException("Expected a duration such as 30s.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(DurationText.Format(value));
}
