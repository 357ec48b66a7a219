using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.OpenApi;

/// <summary>Makes the Tool of one operation: what the description says, then the set's defaults, then the operation's override.</summary>
internal sealed class ToolMaker(ResourceDocument set, ToolSetSpec spec, ApiDocument api, Uri? from, CopyBudget budget)
{
    private static readonly ResourceReader Reader = new(new KindRegistry([ToolKind.Schema]));
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly string[] Selectors = ["operationId", "operation", "name"];

    /// <summary>With these an answer is not what the description says of it.</summary>
    private static readonly string[] Reshaping = ["responseMapping", "responseTransform", "pagination"];

    private readonly ServerUrls _servers = new(api, spec.BaseUrl, from);
    private readonly OperationNames _names = new(spec.Naming);
    private readonly ToolOverrides _overrides = new(spec.Overrides);
    private readonly string? _title = OperationText.OneLine(api.Root.Member("info")?.Text("title"), 128);

    public ToolOverrides Overrides => _overrides;

    public MadeTool Make(ApiOperation operation)
    {
        if (Obstacle(operation) is { } obstacle)
        {
            return MadeTool.Skip(obstacle);
        }

        var needs = SecurityNeeds.Of(api, operation);
        var overriding = _overrides.Of(operation);
        var credential = CredentialPlace.Of(overriding?.Fields.Member("auth") ?? (needs.IsPublic ? null : spec.ToolDefaults.Member("auth")));
        if (InputReading.Of(api, budget, operation, credential, out var reason) is not { } input || _servers.Of(operation, out reason) is not { } server)
        {
            return MadeTool.Skip(reason);
        }

        var tool = Described(operation, input, server);
        var authored = Author(tool, overriding, needs);
        if (Reshaping.Any(tool.ContainsKey))
        {
            tool.Remove("outputSchema");
        }

        var auth = tool["auth"]?["type"]?.GetValue<string>() ?? "none";
        if (auth != "none" && spec.BaseUrl is null && from is not null && OriginOf(server) != OriginOf(from.AbsoluteUri))
        {
            return MadeTool.Fail(set.Fault(
                "spec.baseURL", $"The tools carry a credential, and the description sends them to {OriginOf(server)}, not to where it came from. Set `baseURL` to say yourself where the credential goes."));
        }

        return Read(operation, tool, authored) with { Needs = needs, Auth = auth };
    }

    private MadeTool Read(ApiOperation operation, JsonObject tool, Dictionary<string, string> authored)
    {
        var metadata = new JsonObject
        {
            ["name"] = _overrides.NameOf(operation) ?? _names.Of(operation),
            ["namespace"] = set.Namespace.ToString(),
            ["labels"] = new JsonObject { [ToolSetKind.Label] = set.Name },
        };
        var document = new JsonObject { ["apiVersion"] = KindSchema.ApiVersion, ["kind"] = ToolKind.Schema.Kind, ["metadata"] = metadata, ["spec"] = tool };
        var read = Reader.Read(Encoding.UTF8.GetBytes(document.ToJsonString()), null)[0];
        if (read.Resource is { } resource)
        {
            return new() { Tool = new(operation.Label, resource, authored) };
        }

        var faults = read.Faults.Select(f => Blame.OnSet(set, authored, f)).OfType<ResourceFault>().ToArray();
        return faults.Length > 0 ? new() { Faults = faults } : MadeTool.Skip(Blame.OnDescription(read.Faults[0]));
    }

    private static string? Obstacle(ApiOperation operation) =>
        !Methods.Contains(operation.Method) ? $"tools use {string.Join(", ", Methods)} only"
        : operation.Node.Member("callbacks") is { ValueKind: JsonValueKind.Object } callbacks && callbacks.GetPropertyCount() > 0 ? "it answers later, by calling back to a URL of its caller"
        : null;

    private JsonObject Described(ApiOperation operation, ToolInput input, string server)
    {
        var tool = new JsonObject
        {
            ["description"] = OperationText.Description(api, operation),
            ["tags"] = Texts(OperationText.Tags(operation)),
            ["endpoint"] = server + input.Path,
            ["method"] = operation.Method,
            ["inputSchema"] = input.Schema,
        };
        if (OperationText.Title(operation) is { } title)
        {
            tool["displayName"] = title;
        }

        if (input.Parameters is { } parameters)
        {
            tool["parameters"] = parameters;
        }

        if (spec.OutputSchemas && OutputReading.Of(api, budget, operation) is { } output)
        {
            tool["outputSchema"] = output;
        }

        if (_title is not null)
        {
            tool["apiRef"] = new JsonObject { ["name"] = _title, ["operationId"] = OperationText.OneLine(operation.Id, 256) ?? operation.Label };
        }

        return tool;
    }

    /// <summary>Writes what the set's author says over it; returns which fields those are.</summary>
    private Dictionary<string, string> Author(JsonObject tool, (int Index, JsonElement Fields)? overriding, SecurityNeeds needs)
    {
        var authored = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in spec.ToolDefaults.EnumerateObject())
        {
            // A credential goes only where one is asked for, as far as the description says.
            if (field.Name == "tags")
            {
                tool["tags"] = Texts(tool["tags"]!.AsArray().Select(t => t!.GetValue<string>()).Concat(((JsonElement?)field.Value).Texts()).Distinct());
            }
            else if (field.Name != "auth" || !needs.IsPublic)
            {
                tool[field.Name] = JsonNode.Parse(field.Value.GetRawText());
                authored[field.Name] = "spec.toolDefaults";
            }
        }

        if (overriding is not var (index, fields))
        {
            return authored;
        }

        foreach (var field in fields.EnumerateObject().Where(f => !Selectors.Contains(f.Name)))
        {
            tool[field.Name] = JsonNode.Parse(field.Value.GetRawText());
            authored[field.Name] = $"spec.overrides[{index}]";
        }

        return authored;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static string OriginOf(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);
}

/// <summary>What became of one operation: a tool, faults of the set, or a reason to skip it.</summary>
internal sealed record MadeTool
{
    public GeneratedTool? Tool { get; init; }

    public IReadOnlyList<ResourceFault> Faults { get; init; } = [];

    public string? Skipped { get; init; }

    public SecurityNeeds? Needs { get; init; }

    public string Auth { get; init; } = "none";

    public static MadeTool Skip(string reason) => new() { Skipped = reason };

    public static MadeTool Fail(ResourceFault fault) => new() { Faults = [fault] };
}
