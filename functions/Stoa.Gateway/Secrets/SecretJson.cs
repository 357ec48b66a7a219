using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Secrets;

/// <summary>Reads and writes the canonical spec of this slice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SecretValueConverter)])]
[JsonSerializable(typeof(SecretSpec))]
internal sealed partial class SecretJson : JsonSerializerContext;

/// <summary>A text in JSON, unprintable in memory.</summary>
internal sealed class SecretValueConverter : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
}
