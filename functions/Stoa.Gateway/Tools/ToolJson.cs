using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Tools;

/// <summary>Reads and writes the canonical spec of this slice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CamelCase<ToolAuthType>), typeof(CamelCase<ApiKeyPlace>)])]
[JsonSerializable(typeof(ToolSpec))]
internal sealed partial class ToolJson : JsonSerializerContext;

/// <summary><c>ApiKey</c> is <c>apiKey</c>.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
