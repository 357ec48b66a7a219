using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>What a tool sends must be possible: an address that may be called, names that do not collide.</summary>
internal static class RequestAdmission
{
    public static void Check(ResourceDocument document, ToolSpec spec, AddressRules addresses, List<ResourceFault> faults)
    {
        if (!EgressTarget.TryCheck(new Uri(spec.Endpoint.Replace('{', '_').Replace('}', '_')), addresses, out var reason))
        {
            faults.Add(document.Fault("spec.endpoint", reason));
        }

        CheckQueryNames(document, spec, faults);
    }

    private static void CheckQueryNames(ResourceDocument document, ToolSpec spec, List<ResourceFault> faults)
    {
        if (!spec.InputSchema.TryGetProperty("properties"u8, out var properties) || properties.ValueKind is not JsonValueKind.Object || spec.Method is "POST" or "PUT" or "PATCH")
        {
            return;
        }

        var endpoint = EndpointUrl.Of(spec.Endpoint);
        var credential = spec.Auth.ApiKey is { In: ApiKeyPlace.Query } key ? key.Name : null;
        foreach (var property in properties.EnumerateObject().Where(p => endpoint.IsFixedQueryName(p.Name) || p.Name.Equals(credential, StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add(document.Fault($"spec.inputSchema.properties.{property.Name}", $"`{property.Name}` is set by the endpoint or its credential; an argument of that name could override it."));
        }
    }
}
