using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>One operation of a description: a method on a path.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">As written, for example <c>/customers/{id}</c>.</param>
internal sealed record ApiOperation(string Method, string Path, JsonElement Node, JsonElement PathItem)
{
    private const int MostTags = 20;

    /// <summary>Its name for people: <c>GET /customers/{id}</c>.</summary>
    public string Label => $"{Method} {Path}";

    public string? Id { get; } = Node.Text("operationId") is { Length: > 0 } id ? id : null;

    public IReadOnlyList<string> Tags { get; } = [.. Node.Member("tags").Texts().Take(MostTags)];
}

/// <summary>An operation that became no tool, and why.</summary>
/// <param name="Operation"><c>GET /customers/{id}</c>, or a path when all of it was passed over.</param>
internal sealed record SkippedOperation(string Operation, string Reason);
