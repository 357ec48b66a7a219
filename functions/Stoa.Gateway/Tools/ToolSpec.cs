using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools;

/// <summary>The spec of a <c>Tool</c>; <see cref="ToolKind"/> says what each field means.</summary>
internal sealed record ToolSpec(
    string? DisplayName,
    string Description,
    IReadOnlyList<string> Tags,
    string Endpoint,
    string Method,
    JsonElement InputSchema,
    JsonElement? OutputSchema,
    ToolAnnotations? Annotations,
    ToolAuth Auth,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Timeout,
    [property: JsonConverter(typeof(SizeJsonConverter))] long MaxResponseBytes,
    bool Enabled);

/// <summary>MCP's hints; null means that the author said nothing.</summary>
internal sealed record ToolAnnotations(string? Title, bool? ReadOnlyHint, bool? DestructiveHint, bool? IdempotentHint, bool? OpenWorldHint);

/// <summary>Exactly the member that <paramref name="Type"/> names is present.</summary>
internal sealed record ToolAuth(ToolAuthType Type, ApiKeyAuth? ApiKey, BearerAuth? Bearer, BasicAuth? Basic)
{
    /// <summary>What the tool cannot work without.</summary>
    [JsonIgnore]
    public IEnumerable<SecretRef> Secrets => new[] { ApiKey?.SecretRef, Bearer?.SecretRef, Basic?.UsernameRef, Basic?.PasswordRef }.OfType<SecretRef>();
}

internal enum ToolAuthType
{
    None,
    ApiKey,
    Bearer,
    Basic,
}

internal sealed record ApiKeyAuth(ApiKeyPlace In, string Name, SecretRef SecretRef);

internal enum ApiKeyPlace
{
    Header,
    Query,
    Cookie,
}

internal sealed record BearerAuth(SecretRef SecretRef);

/// <summary>Exactly one of <paramref name="Username"/> and <paramref name="UsernameRef"/> is present.</summary>
internal sealed record BasicAuth(string? Username, SecretRef? UsernameRef, SecretRef PasswordRef);

/// <summary>One key of one Secret of the same tenant.</summary>
internal sealed record SecretRef(string Name, string Key);
