using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Caching;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>Reads and writes the canonical spec of this slice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(CamelCase<ToolAuthType>), typeof(CamelCase<ApiKeyPlace>), typeof(CamelCase<ClientAuthentication>), typeof(CamelCase<ParameterPlace>),
        typeof(CamelCase<ParameterStyle>), typeof(CamelCase<PaginationType>), typeof(CamelCase<ReductionLevel>), typeof(CamelCase<CacheScope>),
        typeof(CamelCase<AuditMode>),
    ])]
[JsonSerializable(typeof(ToolSpec))]
internal sealed partial class ToolJson : JsonSerializerContext;

/// <summary><c>ApiKey</c> is <c>apiKey</c>.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
