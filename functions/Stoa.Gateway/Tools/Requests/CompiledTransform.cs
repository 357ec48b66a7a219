using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>A tool's <c>requestTransform</c>, compiled; empty for tools without one.</summary>
internal sealed class CompiledTransform
{
    private static readonly CompiledTransform None = new([], [], null);

    private CompiledTransform(CompiledTemplate[] query, CompiledTemplate[] headers, JsonTemplate? body)
    {
        (Query, Headers, Body) = (query, headers, body);
        TextTemplate[] texts = [.. query.Concat(headers).Select(t => t.Value)];
        Inputs = [.. texts.SelectMany(t => t.Inputs).Concat(body?.Inputs ?? []).Distinct(StringComparer.Ordinal)];
        ReadsWholeInput = Array.Exists(texts, t => t.ReadsWholeInput) || body?.ReadsWholeInput == true;
    }

    public IReadOnlyList<CompiledTemplate> Query { get; }

    public IReadOnlyList<CompiledTemplate> Headers { get; }

    public JsonTemplate? Body { get; }

    /// <summary>Arguments that some template reads, which therefore are not sent by themselves.</summary>
    public IReadOnlyCollection<string> Inputs { get; }

    /// <summary>True when a template takes all arguments: then none is sent by itself.</summary>
    public bool ReadsWholeInput { get; }

    public bool IsEmpty => Query.Count == 0 && Headers.Count == 0 && Body is null;

    public static CompiledTransform Of(RequestTransformSpec? spec) => spec is null
        ? None
        : new([.. spec.QueryParams.Select(Compile)], [.. spec.Headers.Select(Compile)], spec.Body is { } body ? JsonTemplate.OfStored(body) : null);

    private static CompiledTemplate Compile(NamedTemplate named) => new(named.Name, TextTemplate.OfStored(named.Text));
}

/// <summary>A query parameter or header and the template of its value.</summary>
internal sealed record CompiledTemplate(string Name, TextTemplate Value);
