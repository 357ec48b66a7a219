using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// The schema of what an operation returns, where it can be promised: one success is documented, it is a JSON object, and the schema stands
/// by itself and compiles. Anything less is no promise, since an answer that breaks it would be an error.
/// </summary>
internal static class OutputReading
{
    private const int MostResponses = 100;

    public static JsonObject? Of(ApiDocument api, CopyBudget budget, ApiOperation operation)
    {
        var successes = Successes(operation).ToArray();
        if (successes is not [var (status, given)] || status is not ("200" or "201") || !api.TryFollow(given, out var response, out _)
            || MediaTypes.Json(response) is not { } schema || !api.TryFollow(schema, out var target, out _) || target.Text("type") is not "object")
        {
            return null;
        }

        var copy = new SchemaCopy(api, budget, forInput: false);
        if (copy.Of(schema) is not JsonObject output)
        {
            return null;
        }

        // MCP before 2026-07-28 looks for the word at the root, where a reference alone would hide it.
        output["type"] = "object";
        if (copy.Definitions() is { } definitions)
        {
            output["$defs"] = definitions;
        }

        return copy.Fault is null && Compiles(output) ? output : null;
    }

    /// <summary>What the description says of the success, for the tool's own description; null when it says nothing of use.</summary>
    public static string? Words(ApiDocument api, ApiOperation operation) =>
        Successes(operation).Select(s => api.TryFollow(s.Response, out var response, out _) ? response.Text("description")?.Trim() : null)
            .FirstOrDefault(text => text is { Length: > 10 } && text.Contains(' ', StringComparison.Ordinal) && !text.StartsWith("Success", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<(string Status, JsonElement Response)> Successes(ApiOperation operation) =>
        operation.Node.Member("responses").Members().Take(MostResponses).Where(r => r.Name.Length == 3 && r.Name[0] == '2').Select(r => (r.Name, r.Value));

    private static bool Compiles(JsonObject schema)
    {
        using var document = JsonDocument.Parse(schema.ToJsonString(), new JsonDocumentOptions { MaxDepth = 256 });
        return JsonSchema.TryCompile(document.RootElement, SchemaOptions.Default, out _, out _);
    }
}
