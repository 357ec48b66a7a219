using System.Collections.Concurrent;
using System.Text.Json;
using Stoa.Gateway.Schemas;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>
/// The definitions of replies in the schema that each revision of the specification publishes (folder <c>Official</c>: taken from
/// modelcontextprotocol/modelcontextprotocol, without descriptions). Our own reading of the prose does not come into it.
/// </summary>
internal static class OfficialSchema
{
    private static readonly ConcurrentDictionary<(string Revision, string Definition), JsonSchema> Compiled = new();

    /// <summary>Fails unless the value is what the revision calls by this name.</summary>
    public static void Check(string revision, string definition, JsonElement value)
    {
        var schema = Compiled.GetOrAdd((revision, definition), static key => Compile(key.Revision, key.Definition));
        var findings = new List<SchemaFinding>();
        schema.Validate(value, findings);
        Assert.True(findings.Count == 0, $"{revision} {definition}: {string.Join("; ", findings.Select(f => $"{f.InstancePath} {f.Message}"))} in {value}");
    }

    public static string ErrorOf(string revision) => Revision.IsSince(revision, Revision.V202511) ? "JSONRPCErrorResponse" : "JSONRPCError";

    /// <summary>What the result of a method is called, or null when it has no definition of its own.</summary>
    public static string? ResultOf(string method) => method switch
    {
        "initialize" => "InitializeResult",
        "server/discover" => "DiscoverResult",
        "tools/list" => "ListToolsResult",
        "tools/call" => "CallToolResult",
        "ping" => "EmptyResult",
        _ => null,
    };

    private static JsonSchema Compile(string revision, string definition)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "Stoa.Wire.Tests", "Mcp", "Official", revision + ".json")));
        var definitions = document.RootElement.GetProperty("$defs").GetRawText();
        var root = JsonElement.Parse($$"""{"$ref": "#/$defs/{{definition}}", "$defs": {{definitions}}}""");
        Assert.True(JsonSchema.TryCompile(root, SchemaOptions.Default, out var compiled, out var fault), fault?.Reason);
        return compiled;
    }
}
