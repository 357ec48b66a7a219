using System.Collections.Frozen;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
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

    /// <summary>The client owns these: a tool that set them could smuggle a second request or another host.</summary>
    public static FrozenSet<string> ReservedHeaders { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect",
        "Proxy-Authorization", "Proxy-Connection", "Cookie");

    public static void Run(DocumentTree document, FaultList faults)
    {
        CheckEndpoint(document, faults);
        CheckAuth(document, faults);
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

        if ((schema["properties"] as MapNode)?[name] is not { } property)
        {
            faults.Add(document.Fault("spec.endpoint", $"The path names `{{{name}}}`, which is no property of inputSchema; add it under `properties`."));
            return;
        }

        if (schema["required"] is not ListNode required || !required.Items.Any(item => item is ScalarNode scalar && scalar.Text == name))
        {
            faults.Add(document.Fault("spec.inputSchema.required", $"The path of the endpoint needs `{name}`; list it under `required`."));
        }

        if (property is MapNode map && map["type"] is ScalarNode { Text: "object" or "array" } type)
        {
            var path = NodePath.Of(NodePath.Of("spec.inputSchema.properties", name), "type");
            faults.Add(new(type.At.Line, type.At.Column, path, "A path parameter must be text, a number or a flag."));
        }
    }

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

        if (document.Text("spec.auth.apiKey.in") is "header" && document.Text("spec.auth.apiKey.name") is { } header && ReservedHeaders.Contains(header))
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
