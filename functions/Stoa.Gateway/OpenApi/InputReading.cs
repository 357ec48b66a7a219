using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// Makes one input schema of an operation's parameters and body. Path parameters keep their names, which appear in the URL's template; other
/// names are made such that models accept them, and a body goes under <c>body</c> as a whole where its members would collide with them.
/// </summary>
internal sealed class InputReading
{
    private readonly ApiDocument _api;
    private readonly SchemaCopy _copy;
    private readonly ApiOperation _operation;
    private readonly JsonObject _properties = [];
    private readonly List<string> _required = [];
    private readonly JsonObject _parameters = [];
    private readonly CredentialPlace? _credential;
    private string _path;

    private InputReading(ApiDocument api, CopyBudget budget, ApiOperation operation, CredentialPlace? credential)
    {
        (_api, _operation, _credential) = (api, operation, credential);
        _copy = new SchemaCopy(api, budget, forInput: true);

        // Some descriptions tell apart operations on one path by a fragment; it is never sent.
        _path = operation.Path.Split('#')[0];
    }

    private bool SendsBody => _operation.Method is "POST" or "PUT" or "PATCH";

    /// <summary>The input, or null and a reason to follow "because".</summary>
    /// <param name="credential">A parameter there is no argument: the gateway fills it.</param>
    public static ToolInput? Of(ApiDocument api, CopyBudget budget, ApiOperation operation, CredentialPlace? credential, out string reason)
    {
        var reading = new InputReading(api, budget, operation, credential);
        reason = reading.Read() ?? "";
        return reason.Length == 0 ? reading.Result(out reason) : null;
    }

    private string? Read()
    {
        if (ApiParameters.Of(_api, _operation, out var reason) is not { } parameters)
        {
            return reason;
        }

        // Path parameters first: they must keep their names.
        foreach (var parameter in parameters.Where(p => _credential?.Is(p) is not true).OrderBy(p => p.IsPath ? 0 : 1))
        {
            if (Add(parameter) is { } complaint)
            {
                return complaint;
            }
        }

        AddUndeclaredPathParameters();
        return AddBody();
    }

    private ToolInput? Result(out string reason)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = _properties };
        if (_required.Count > 0)
        {
            schema["required"] = new JsonArray([.. _required.Select(r => JsonValue.Create(r))]);
        }

        schema["additionalProperties"] = false;
        if (_copy.Definitions() is { } definitions)
        {
            schema["$defs"] = definitions;
        }

        reason = _copy.Fault ?? "";
        return _copy.Fault is null ? new(schema, _parameters.Count == 0 ? null : _parameters, _path) : null;
    }

    private string? Add(ApiParameter parameter)
    {
        var isReserved = parameter.In == "header" && HeaderRules.Complaint(parameter.Name, credentialHeader: null) is not null;
        if (parameter.Schema is not { } schema || isReserved || parameter.Name.Length > 128)
        {
            return !parameter.IsRequired ? null
                : isReserved ? $"its parameter `{parameter.Name}` is a header that belongs to the HTTP client"
                : $"its parameter `{JsonText.Shorten(parameter.Name, 60)}` is described by `content`, or not at all, or has too long a name";
        }

        if (parameter.IsPath && !_path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal))
        {
            return null;
        }

        var property = Annotated(_copy.Of(schema), parameter.Node);
        var name = NameFor(parameter);
        if (parameter.IsPath)
        {
            _path = _path.Replace($"{{{parameter.Name}}}", $"{{{name}}}", StringComparison.Ordinal);
        }

        _properties[name] = property;
        if (parameter.IsRequired)
        {
            _required.Add(name);
        }

        if (WireOf(parameter, schema, name) is { } wire)
        {
            _parameters[name] = wire;
        }

        return null;
    }

    private static JsonNode Annotated(JsonNode schema, JsonElement node)
    {
        if (schema is not JsonObject annotated)
        {
            return schema;
        }

        if (node.Text("description") is { Length: > 0 } description)
        {
            annotated["description"] = description;
        }

        if (node.Member("example") is { } example && !annotated.ContainsKey("examples"))
        {
            annotated["examples"] = new JsonArray(JsonNode.Parse(example.GetRawText()));
        }

        return annotated;
    }

    /// <summary>How it travels, or null when a Tool sends it so by default.</summary>
    private JsonObject? WireOf(ApiParameter parameter, JsonElement schema, string name)
    {
        var isList = _api.TryFollow(schema, out var target, out _) && (target.Text("type") is "array" or "object" || target.Member("properties") is not null || target.Member("items") is not null);
        var style = isList ? parameter.Node.Text("style") : null;
        var explode = isList ? parameter.Node.Flag("explode") : null;
        var isDefault = parameter.IsPath || (parameter.In == "query" && !SendsBody);
        if (isDefault && (parameter.IsPath || name == parameter.Name) && !isList)
        {
            return null;
        }

        var wire = new JsonObject { ["in"] = parameter.In };
        if (name != parameter.Name && !parameter.IsPath)
        {
            wire["name"] = parameter.Name;
        }

        if (style is not null)
        {
            wire["style"] = style;
        }

        if (explode is not null)
        {
            wire["explode"] = explode;
        }

        return wire;
    }

    private string NameFor(ApiParameter parameter)
    {
        var plain = ArgumentNames.Fit(parameter.Name);
        return IsFree(plain) ? plain : ArgumentNames.Numbered($"{parameter.In}_{plain}", IsFree);
    }

    private bool IsFree(string name) => !_properties.ContainsKey(name);

    // A description that forgets to declare them is common, and harmless: they are text.
    private void AddUndeclaredPathParameters()
    {
        if (EndpointTemplate.Parse("https://x" + _path, out _) is not { } template)
        {
            return;
        }

        foreach (var name in template.Parameters.Where(IsFree))
        {
            _properties[name] = new JsonObject { ["type"] = "string" };
            _required.Add(name);
        }
    }

    private string? AddBody()
    {
        if (_operation.Node.Member("requestBody") is not { } given)
        {
            return null;
        }

        if (!_api.TryFollow(given, out var body, out var reason))
        {
            return $"the reference of its body {reason}";
        }

        var isRequired = body.Flag("required") is true;
        if (_operation.Method == "GET")
        {
            return isRequired ? "it needs a body, which has no meaning for GET" : null;
        }

        if (MediaTypes.Json(body) is not { } schema)
        {
            return $"its body is {MediaTypes.Named(body)}, and tools send application/json";
        }

        // What DELETE sends goes to the query unless it is said to be the body.
        var members = SendsBody ? BodyMembers.Of(_api, _copy, schema) : null;
        if (members is not null && (isRequired || !members.AnyRequired) && members.Properties.Keys.All(name => IsFree(name) && ArgumentNames.Fit(name) == name))
        {
            AddMembers(members);
            return null;
        }

        var argument = ArgumentNames.Numbered("body", IsFree);
        _properties[argument] = Described(_copy.Of(schema), body);
        _parameters[argument] = new JsonObject { ["in"] = "wholeBody" };
        if (isRequired)
        {
            _required.Add(argument);
        }

        return null;
    }

    private void AddMembers(BodyMembers members)
    {
        foreach (var (name, schema) in members.Properties)
        {
            _properties[name] = _copy.Of(schema);
            if (members.IsRequired(name))
            {
                _required.Add(name);
            }
        }
    }

    private static JsonNode Described(JsonNode schema, JsonElement body)
    {
        if (schema is JsonObject described && !described.ContainsKey("description") && body.Text("description") is { Length: > 0 } description)
        {
            described["description"] = description;
        }

        return schema;
    }
}
