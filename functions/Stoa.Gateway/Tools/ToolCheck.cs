using System.Collections.Frozen;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>What no single field of a <c>Tool</c> can tell: its URL against its schema, and its credentials against their type.</summary>
internal static class ToolCheck
{
    /// <summary>Shorter values are placeholders or versions, not credentials.</summary>
    private const int ShortestCredential = 8;

    private static readonly string[] AuthForms = ["apiKey", "bearer", "basic", "oauth2", "mtls"];

    private static readonly FrozenSet<string> CredentialParameters = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "key", "api_key", "apikey", "api-key", "appid", "app_key", "subscription-key", "token", "access_token", "auth_token", "secret", "client_secret",
        "password", "passwd", "pwd", "sig", "signature");

    public static void Run(DocumentTree document, FaultList faults)
    {
        CheckEndpoint(document, faults);
        CheckAuth(document, faults);
        PaginationCheck.Run(document, faults);
    }

    private static void CheckEndpoint(DocumentTree document, FaultList faults)
    {
        if (document.Text("spec.endpoint") is not { } url)
        {
            return;
        }

        if (EndpointTemplate.Parse(url, out var complaint) is not { } endpoint)
        {
            faults.Add(document.Fault("spec.endpoint", complaint!));
            return;
        }

        foreach (var name in endpoint.Parameters)
        {
            CheckParameter(name, document, faults);
        }

        if (CredentialIn(url) is { } parameter)
        {
            faults.Add(document.Fault(
                "spec.endpoint", $"The query parameter `{parameter}` looks like a credential in plain text; put it in a Secret and name it in `auth`."));
        }
    }

    private static void CheckParameter(string name, DocumentTree document, FaultList faults)
    {
        if (document.Find("spec.inputSchema") is not MapNode schema)
        {
            return;
        }

        var declared = Declared(document, name);
        var argument = declared?.Key ?? name;
        if ((schema["properties"] as MapNode)?[argument] is not { } property)
        {
            faults.Add(document.Fault("spec.endpoint", $"The path names `{{{argument}}}`, which is no property of inputSchema; add it under `properties`."));
            return;
        }

        if (schema["required"] is not ListNode required || !required.Items.Any(item => item is ScalarNode scalar && scalar.Text == argument))
        {
            faults.Add(document.Fault("spec.inputSchema.required", $"The path of the endpoint needs `{argument}`; list it under `required`."));
        }

        if (declared is null && property is MapNode map && map["type"] is ScalarNode { Text: "object" or "array" } type)
        {
            var path = NodePath.Of(NodePath.Of("spec.inputSchema.properties", argument), "type");
            faults.Add(new(type.At.Line, type.At.Column, path, "A path parameter must be text, a number or a flag, unless `parameters` says how a list or object stands in a path."));
        }
    }

    /// <summary>What <c>parameters</c> says of a parameter of the path, if anything.</summary>
    private static MapEntry? Declared(DocumentTree document, string name) => document.Find("spec.parameters") is MapNode parameters
        ? parameters.Entries.Where(e => e.Value is MapNode map && map["in"] is ScalarNode { Text: "path" } && ((map["name"] as ScalarNode)?.Text ?? e.Key) == name)
            .Select(e => (MapEntry?)e).FirstOrDefault()
        : null;

    private static string? CredentialIn(string url)
    {
        var queryAt = url.IndexOf('?', StringComparison.Ordinal);
        foreach (var pair in queryAt < 0 ? [] : url[(queryAt + 1)..].Split('&'))
        {
            var parts = pair.Split('=', 2);
            if (parts is [var name, { Length: >= ShortestCredential }] && CredentialParameters.TryGetValue(Uri.UnescapeDataString(name), out var known))
            {
                return known;
            }
        }

        return null;
    }

    private static void CheckAuth(DocumentTree document, FaultList faults)
    {
        if (document.Text("spec.auth.type") is not { } type || document.Find("spec.auth") is not MapNode auth)
        {
            return;
        }

        foreach (var form in AuthForms)
        {
            var isGiven = auth[form] is not null;
            if (isGiven && form != type)
            {
                faults.Add(document.Fault($"spec.auth.{form}", $"`{form}` is given but `type` is `{type}`; change one of them."));
            }
            else if (!isGiven && form == type && !faults.Concern($"spec.auth.{form}"))
            {
                faults.Add(document.Fault("spec.auth.type", $"`type: {type}` needs `{form}` beside it."));
            }
        }

        if (type == "mtls" && document.Text("spec.endpoint") is { } url && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(document.Fault("spec.endpoint", "A client certificate is presented over TLS only; use an https:// endpoint."));
        }

        if (document.Text("spec.auth.apiKey.in") is "header" && document.Text("spec.auth.apiKey.name") is { } header && HeaderRules.IsReserved(header))
        {
            faults.Add(document.Fault("spec.auth.apiKey.name", $"The header `{header}` belongs to the HTTP client; use another."));
        }

        if (auth["oauth2"] is MapNode client && (client["clientId"] is null) == (client["clientIdRef"] is null) && !faults.Concern("spec.auth.oauth2"))
        {
            faults.Add(document.Fault("spec.auth.oauth2", "Give exactly one of `clientId` and `clientIdRef`."));
        }

        if (auth["basic"] is MapNode basic && (basic["username"] is null) == (basic["usernameRef"] is null) && !faults.Concern("spec.auth.basic"))
        {
            faults.Add(document.Fault("spec.auth.basic", "Give exactly one of `username` and `usernameRef`."));
        }
    }
}
