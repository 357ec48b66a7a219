using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Caching;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tools;

/// <summary>The spec of a <c>Tool</c>; <see cref="ToolKind"/> says what each field means.</summary>
internal sealed record ToolSpec(
    string? DisplayName,
    string Description,
    string? Version,
    IReadOnlyList<string> Tags,
    ApiRef? ApiRef,
    string Endpoint,
    string Method,
    JsonElement InputSchema,
    JsonElement? OutputSchema,
    ToolAnnotations? Annotations,
    ToolAuth Auth,
    IReadOnlyDictionary<string, ParameterSpec>? Parameters,
    RequestTransformSpec? RequestTransform,
    ResponseMappingSpec? ResponseMapping,
    ResponseTransformSpec? ResponseTransform,
    ReductionLevel Reduction,
    PaginationSpec? Pagination,
    RetrySpec? Retry,
    CircuitBreakerSpec CircuitBreaker,
    CacheSpec? Cache,
    RateLimitSpec? RateLimit,
    QuotaPolicyRef? QuotaPolicyRef,
    bool RequiresApproval,
    AuditMode? Audit,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Timeout,
    [property: JsonConverter(typeof(SizeJsonConverter))] long MaxResponseBytes,
    bool Enabled);

/// <summary>MCP's hints; null means that the author said nothing.</summary>
internal sealed record ToolAnnotations(string? Title, bool? ReadOnlyHint, bool? DestructiveHint, bool? IdempotentHint, bool? OpenWorldHint);

/// <summary>Where the tool comes from, for people.</summary>
internal sealed record ApiRef(string Name, string? OperationId, string? Version);

/// <summary>The tool's own limit: calls in any minute, and in any second.</summary>
internal sealed record RateLimitSpec(int RequestsPerMinute, int? Burst);
