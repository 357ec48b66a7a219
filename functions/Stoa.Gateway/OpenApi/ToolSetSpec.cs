using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.OpenApi;

/// <summary>The spec of a <c>ToolSet</c>; <see cref="ToolSetKind"/> says what each field means.</summary>
/// <param name="ToolDefaults">Fields of a Tool's spec, for every tool that does not have them from its override.</param>
/// <param name="Overrides">Each names an operation and holds fields of a Tool's spec.</param>
internal sealed record ToolSetSpec(
    ToolSetSource Source,
    [property: JsonPropertyName("baseURL")] string? BaseUrl,
    ToolSetFilters Filters,
    ToolSetNaming Naming,
    bool OutputSchemas,
    JsonElement ToolDefaults,
    IReadOnlyList<JsonElement> Overrides);

/// <summary>Exactly one of <paramref name="Url"/> and <paramref name="Inline"/> is present; the latter is a text or an object.</summary>
internal sealed record ToolSetSource(string? Url, JsonElement? Inline);

/// <summary>An operation is taken when it passes every filter that is given.</summary>
internal sealed record ToolSetFilters(
    IReadOnlyList<string>? IncludePaths,
    IReadOnlyList<string>? ExcludePaths,
    string? PathPrefix,
    IReadOnlyList<string>? IncludeMethods,
    IReadOnlyList<string>? ExcludeMethods,
    IReadOnlyList<string>? IncludeTags,
    IReadOnlyList<string>? ExcludeTags,
    IReadOnlyList<string>? OperationIds);

internal sealed record ToolSetNaming(string? Prefix, string? Suffix, bool UseOperationId);

/// <summary>Reads the canonical spec of this slice.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ToolSetSpec))]
internal sealed partial class ToolSetJson : JsonSerializerContext;
