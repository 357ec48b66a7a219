using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Samples.CrmApi;

namespace Stoa.Wire.Tests.Samples;

/// <summary>The CRM's OpenAPI document, asked the few questions these tests have.</summary>
internal static class CrmDocument
{
    public static string Text { get; } = ReadText();

    private static readonly JsonNode Root = YamlFile.Parse(Text)[0];

    public static string Server => (string)Root["servers"]![0]!["url"]!;

    public static IReadOnlyList<CrmOperation> Operations { get; } =
    [
        .. from path in Root["paths"]!.AsObject()
           from member in path.Value!.AsObject()
           where member.Key is not "parameters"
           select new CrmOperation(member.Key.ToUpperInvariant(), path.Key, member.Value!, Parameters(path.Value!, member.Value!)),
    ];

    public static CrmOperation Operation(string id) => Operations.Single(o => o.Id == id);

    /// <summary>Follows a local <c>$ref</c>, if the node is one.</summary>
    public static JsonNode Resolve(JsonNode node) => node["$ref"] is { } reference
        ? ((string)reference!)["#/".Length..].Split('/').Aggregate(Root, (at, name) => at[name]!)
        : node;

    /// <summary>
    /// Where the value departs from the schema; stricter than JSON Schema in that undeclared members are faults too, so that the
    /// document cannot fall behind the API.
    /// </summary>
    public static IEnumerable<string> Faults(JsonNode schemaOrReference, JsonNode? value, string at = "$")
    {
        var schema = Resolve(schemaOrReference);
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            yield return $"{at} is not one of {allowed.ToJsonString()}";
        }

        if ((string)schema["type"]! is var type && !Is(type, value))
        {
            yield return $"{at} is not of type {type}";
            yield break;
        }

        foreach (var missing in schema["required"]?.AsArray().Select(n => (string)n!).Where(n => value![n] is null) ?? [])
        {
            yield return $"{at}.{missing} is missing";
        }

        var children = value switch
        {
            JsonObject o => o.Select(m =>
                (At: $"{at}.{m.Key}", Schema: schema["properties"]?[m.Key] ?? schema["additionalProperties"], m.Value)),
            JsonArray a => a.Select((item, i) => (At: $"{at}[{i}]", Schema: schema["items"], Value: item)),
            _ => [],
        };
        foreach (var fault in children.SelectMany(c => c.Schema is JsonObject s ? Faults(s, c.Value, c.At) : [$"{c.At} is not declared"]))
        {
            yield return fault;
        }
    }

    private static bool Is(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value!.AsValue().TryGetValue<long>(out _),
        _ => false,
    };

    private static JsonNode[] Parameters(JsonNode path, JsonNode operation) =>
        [.. new[] { path, operation }.SelectMany(n => n["parameters"]?.AsArray() ?? []).Select(p => Resolve(p!))];

    private static string ReadText()
    {
        using var stream = typeof(CrmData).Assembly.GetManifestResourceStream("openapi.yaml")!;
        return new StreamReader(stream).ReadToEnd();
    }
}

/// <summary>One operation of the document.</summary>
internal sealed record CrmOperation(string Method, string Path, JsonNode Node, IReadOnlyList<JsonNode> Parameters)
{
    public string Id => (string)Node["operationId"]!;

    public bool TakesId => Path.Contains("{id}", StringComparison.Ordinal);

    public bool NeedsKey => Node["security"] is not JsonArray { Count: 0 };

    public JsonNode? BodySchema => Media(Node["requestBody"])?["schema"] is { } schema ? CrmDocument.Resolve(schema) : null;

    public string? BodyExample => Media(Node["requestBody"])?["example"]?.ToJsonString();

    /// <summary>The one success the document promises: its status, and the schema of the JSON it carries.</summary>
    public (int Status, JsonNode? Schema) Success =>
        Node["responses"]!.AsObject().Where(r => r.Key[0] == '2').Select(r => (int.Parse(r.Key, null), Media(r.Value)?["schema"])).Single();

    public bool Documents(int status) => Node["responses"]![status.ToString(null, null)] is not null;

    /// <summary>The path with its id and, from their examples, the query parameters that have one.</summary>
    public string Url(string id) => Path.Replace("{id}", id, StringComparison.Ordinal) + string.Concat(Parameters
        .Where(p => (string)p["in"]! == "query" && p["example"] is not null)
        .Select((p, i) => $"{(i == 0 ? '?' : '&')}{p["name"]}={p["example"]}"));

    private static JsonNode? Media(JsonNode? carrier) => carrier?["content"]?["application/json"];
}
