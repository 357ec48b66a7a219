using System.Collections.Frozen;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Models;

/// <summary>What no single field of an <c>LlmProvider</c> can tell: fields against its type, its URL, and credentials where none belong.</summary>
internal static class LlmProviderCheck
{
    private static readonly FrozenSet<string> CredentialHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key", "x-auth-token", "x-access-token");

    /// <summary>Written by the gateway itself, by provider and request.</summary>
    private static readonly FrozenSet<string> OwnedByGateway = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "accept", "accept-encoding", "user-agent", "traceparent", "tracestate");

    public static void Run(DocumentTree document, FaultList faults)
    {
        var type = document.Text("spec.type");
        CheckUrl(document, type, faults);
        CheckHeaders(document, faults);
        Only(document, "spec.deployments", type is "azure-openai", "Deployments are Azure's; use `type: azure-openai`, or name the model in the route's target.", faults);
        Only(document, "spec.responses", type is "openai-compatible", "`responses` is for `type: openai-compatible`; of other types it is known.", faults);
        Only(document, "spec.apiVersion", type is "azure-openai" or "anthropic", "Only `azure-openai` and `anthropic` have an API version beside the URL.", faults);
        CheckAuth(document, type, faults);
    }

    private static void CheckUrl(DocumentTree document, string? type, FaultList faults)
    {
        if (document.Text("spec.baseUrl") is not { } url)
        {
            if (type is "azure-openai" or "openai-compatible" && !faults.Concern("spec.baseUrl"))
            {
                faults.Add(document.Fault("spec", $"`type: {type}` needs `baseUrl`: there is no public address that all share."));
            }

            return;
        }

        var complaint = !Uri.TryCreate(url, UriKind.Absolute, out var uri) ? "Expected an absolute https URL."
            : !EgressTarget.TryCheck(uri, out var reason) ? reason
            : url.AsSpan().ContainsAny('?', '#') ? "Remove the query and what follows; `apiVersion` has a field of its own, credentials belong in a Secret."
            : url.AsSpan().ContainsAnyExceptInRange('!', '~') || url.Contains('\\', StringComparison.Ordinal) ? "A URL holds visible ASCII characters only, and no backslash; percent-encode the others, as UTF-8."
            : UpstreamUrls.Surplus(url) is { } surplus ? $"Remove `{surplus}` from its end: the gateway adds the path of each call."
            : null;
        if (complaint is not null)
        {
            faults.Add(document.Fault("spec.baseUrl", complaint));
        }
    }

    private static void CheckHeaders(DocumentTree document, FaultList faults)
    {
        foreach (var entry in document.Find("spec.headers") is MapNode headers ? headers.Entries : [])
        {
            var complaint = CredentialHeaders.Contains(entry.Key) ? $"The header `{entry.Key}` carries a credential; put it in a Secret and name it in `auth`."
                : OwnedByGateway.Contains(entry.Key) ? $"The header `{entry.Key}` is the gateway's; use another."
                : HeaderRules.Complaint(entry.Key, credentialHeader: null)
                ?? (entry.Value is ScalarNode { Text: var value } && !HeaderRules.CanHold(value) ? "A header holds visible ASCII characters, spaces and tabs only." : null);
            if (complaint is not null)
            {
                faults.Add(document.Fault(NodePath.Of("spec.headers", entry.Key), complaint));
            }
        }
    }

    private static void CheckAuth(DocumentTree document, string? type, FaultList faults)
    {
        if (document.Find("spec.auth") is not MapNode auth || faults.Concern("spec.auth"))
        {
            return;
        }

        var isIdentity = auth["managedIdentity"] is ScalarNode { Text: "true" };
        if (isIdentity == auth["secretRef"] is not null)
        {
            faults.Add(document.Fault("spec.auth", isIdentity ? "Give `secretRef` or `managedIdentity: true`, not both." : "Give `secretRef`, or leave `auth` out for a server that asks for nothing."));
        }
        else if (isIdentity && type is not (null or "azure-openai"))
        {
            faults.Add(document.Fault("spec.auth.managedIdentity", "An Azure identity opens Azure only; use `type: azure-openai`, or a `secretRef`."));
        }
    }

    private static void Only(DocumentTree document, string path, bool isRight, string reason, FaultList faults)
    {
        if (!isRight && document.TryLocate(path, out _) && document.Find(path) is not null && document.Text("spec.type") is not null)
        {
            faults.Add(document.Fault(path, reason));
        }
    }
}
