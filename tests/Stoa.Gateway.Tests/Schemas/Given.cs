using System.Text.Json;
using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tests.Schemas;

internal static class Given
{
    public static JsonElement Json(string json, int maxDepth = 64)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth });
        return document.RootElement.Clone();
    }

    public static JsonSchema Schema(string json, SchemaOptions? options = null)
    {
        Assert.True(JsonSchema.TryCompile(Json(json, maxDepth: 1000), options ?? SchemaOptions.Default, out var schema, out var fault), fault?.ToString());
        return schema;
    }

    public static SchemaFault Fault(string json, SchemaOptions? options = null)
    {
        Assert.False(JsonSchema.TryCompile(Json(json, maxDepth: 1000), options ?? SchemaOptions.Default, out _, out var fault));
        return fault;
    }

    public static List<SchemaFinding> Findings(JsonSchema schema, string instance)
    {
        var findings = new List<SchemaFinding>();
        Assert.False(schema.Validate(Json(instance, maxDepth: 1000), findings));
        Assert.False(schema.IsValid(Json(instance, maxDepth: 1000)));
        return findings;
    }
}
