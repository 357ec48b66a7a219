using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>Reads and writes the canonical specs of this slice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KebabCase<ConsumerType>), typeof(KebabCase<Role>), typeof(KebabCase<Capture>)])]
[JsonSerializable(typeof(TenantSpec))]
[JsonSerializable(typeof(ConsumerSpec))]
internal sealed partial class TenantJson : JsonSerializerContext;

/// <summary><c>TenantAdmin</c> is <c>tenant-admin</c>.</summary>
internal sealed class KebabCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
