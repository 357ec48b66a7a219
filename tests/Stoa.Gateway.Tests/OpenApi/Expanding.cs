using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Gateway.Egress;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Tests.Egress;
using Stoa.Gateway.Tests.Resources;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Short ways to turn descriptions into tools in tests: the set is called pets and belongs to acme.</summary>
internal static class Expanding
{
    /// <summary>An OpenAPI 3.1 document with these paths (YAML, indented by two) and components, served at https://api.example.com/v1.</summary>
    public static string Api(string paths, string components = "", string version = "3.1.1") =>
        $$"""
        openapi: {{version}}
        info: { title: Pets, version: 1.0.0 }
        servers: [{ url: https://api.example.com/v1 }]
        paths:
        {{paths}}
        {{(components.Length == 0 ? "" : "components:\n" + components)}}
        """;

    /// <param name="description">The source, as text.</param>
    /// <param name="more">Further fields of the spec, YAML without indentation.</param>
    public static async Task<Expansion> OfAsync(string description, string more = "")
    {
        var source = $"source: {{ inline: {JsonValue.Create(description).ToJsonString()} }}";
        return await OfSpecAsync([source, .. more.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    public static async Task<Expansion> OfSpecAsync(string[] spec, EgressClient? client = null)
    {
        using var egress = client ?? TestEgress.Client();
        var set = Reading.Accepted(Reading.Document("ToolSet", spec).Replace("name: sample", "name: pets", StringComparison.Ordinal));
        return await Expansion.OfAsync(set, egress, TestContext.Current.CancellationToken);
    }

    /// <summary>The one tool that comes of it, with nothing skipped.</summary>
    public static async Task<ToolSpec> OneAsync(string description, string more = "")
    {
        var expansion = await OfAsync(description, more);
        Assert.Empty(expansion.Faults);
        Assert.Empty(expansion.Skipped);
        return SpecOf(Assert.Single(expansion.Tools));
    }

    /// <summary>Why the one operation became no tool.</summary>
    public static async Task<string> ReasonAsync(string description, string more = "")
    {
        var expansion = await OfAsync(description, more);
        Assert.Empty(expansion.Faults);
        Assert.Empty(expansion.Tools);
        return Assert.Single(expansion.Skipped).Reason;
    }

    public static ToolSpec SpecOf(GeneratedTool tool) => JsonSerializer.Deserialize(tool.Document.Spec.Span, ToolJson.Default.ToolSpec)!;

    public static string[] Names(this Expansion expansion)
    {
        Assert.Empty(expansion.Faults);
        return [.. expansion.Tools.Select(t => t.Document.Name).Order(StringComparer.Ordinal)];
    }

    public static JsonElement Property(this ToolSpec tool, string name) => tool.InputSchema.GetProperty("properties").GetProperty(name);

    public static string[] Required(this ToolSpec tool) =>
        tool.InputSchema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal)] : [];

    public static string[] Arguments(this ToolSpec tool) =>
        [.. tool.InputSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];

    public static ParameterSpec? Wire(this ToolSpec tool, string argument) => tool.Parameters?.GetValueOrDefault(argument);

    public static void IsJson(this JsonElement element, string json) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), element), element.GetRawText());
}
