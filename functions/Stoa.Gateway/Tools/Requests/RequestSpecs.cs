using System.Text.Json.Serialization;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>How one argument travels (OpenAPI 3.1 §4.8.12, <c>style</c> and <c>explode</c>).</summary>
/// <param name="Name">On the wire; the argument's own name when null.</param>
internal sealed record ParameterSpec(ParameterPlace In, string? Name, ParameterStyle? Style, bool? Explode);

internal enum ParameterPlace
{
    Path,
    Query,
    Header,
    Cookie,

    /// <summary>A member of the body.</summary>
    Body,

    /// <summary>The body itself.</summary>
    WholeBody,
}

internal enum ParameterStyle
{
    Form,
    Simple,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Label,
    Matrix,
}

/// <summary>What is sent beside or instead of the arguments themselves; values are templates.</summary>
/// <param name="Body">A JSON template; null sends the arguments that nothing else uses.</param>
internal sealed record RequestTransformSpec(IReadOnlyList<NamedTemplate> QueryParams, IReadOnlyList<NamedTemplate> Headers, string? Body);

/// <summary>Exactly one of <paramref name="Value"/> (text with <c>{{...}}</c>) and <paramref name="ValueFrom"/> (that, or a bare path) is present.</summary>
internal sealed record NamedTemplate(string Name, string? Value, string? ValueFrom)
{
    /// <summary>The template: <c>.context.tenant</c> means <c>{{.context.tenant}}</c>.</summary>
    [JsonIgnore]
    public string Text => Value ?? (ValueFrom is ['.', ..] && !ValueFrom.Contains("{{", StringComparison.Ordinal) ? $"{{{{{ValueFrom}}}}}" : ValueFrom ?? "");
}
