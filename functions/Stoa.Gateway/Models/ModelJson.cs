using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Models;

/// <summary>Reads and writes the canonical specs of this slice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(KebabCase<ProviderType>), typeof(KebabCase<UnknownPrice>), typeof(KebabCase<OnDisconnect>), typeof(KebabCase<RouteStrategy>), typeof(KebabCase<AuditMode>),
    ])]
[JsonSerializable(typeof(LlmProviderSpec))]
[JsonSerializable(typeof(LlmRouteSpec))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    public static LlmProviderSpec Provider(ReadOnlyMemory<byte> spec) => JsonSerializer.Deserialize(spec.Span, Default.LlmProviderSpec)!;

    public static LlmRouteSpec Route(ReadOnlyMemory<byte> spec) => JsonSerializer.Deserialize(spec.Span, Default.LlmRouteSpec)!;
}
