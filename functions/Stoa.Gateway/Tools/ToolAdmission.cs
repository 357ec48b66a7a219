using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Schemas;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools;

/// <summary>What a tool's document must satisfy in this gateway and tenant: schemas that compile, an address that may be called, secrets that exist.</summary>
internal static class ToolAdmission
{
    public static void Check(ResourceDocument document, AddressRules addresses, Func<string, Resource?> findSecret, List<ResourceFault> faults)
    {
        var spec = JsonSerializer.Deserialize(document.Spec.Span, ToolJson.Default.ToolSpec)!;
        CheckSchema(document, "spec.inputSchema", spec.InputSchema, faults);
        if (HeaderAnnotations.Complaint(spec.InputSchema) is { } complaint)
        {
            faults.Add(document.Fault("spec.inputSchema", complaint));
        }

        if (spec.OutputSchema is { } output)
        {
            CheckSchema(document, "spec.outputSchema", output, faults);
        }

        if (!EgressTarget.TryCheck(new Uri(spec.Endpoint.Replace('{', '_').Replace('}', '_')), addresses, out var reason))
        {
            faults.Add(document.Fault("spec.endpoint", reason));
        }

        CheckQueryNames(document, spec, faults);
        CheckSecret(document, "spec.auth.apiKey.secretRef", spec.Auth.ApiKey?.SecretRef, findSecret, faults);
        CheckSecret(document, "spec.auth.bearer.secretRef", spec.Auth.Bearer?.SecretRef, findSecret, faults);
        CheckSecret(document, "spec.auth.basic.usernameRef", spec.Auth.Basic?.UsernameRef, findSecret, faults);
        CheckSecret(document, "spec.auth.basic.passwordRef", spec.Auth.Basic?.PasswordRef, findSecret, faults);
    }

    private static void CheckSchema(ResourceDocument document, string path, JsonElement schema, List<ResourceFault> faults)
    {
        if (!JsonSchema.TryCompile(schema, SchemaOptions.Default, out _, out var fault))
        {
            faults.Add(document.Fault(path + PathOf(fault.Location), fault.Reason));
        }
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

    private static void CheckSecret(ResourceDocument document, string path, SecretRef? reference, Func<string, Resource?> findSecret, List<ResourceFault> faults)
    {
        if (reference is null)
        {
            return;
        }

        if (findSecret(reference.Name) is not { } secret)
        {
            faults.Add(document.Fault(path + ".name", $"There is no Secret `{reference.Name}` in this tenant; apply it first, or in the same request."));
        }
        else if (!StoredSecret.Parse(secret).Has(reference.Key))
        {
            faults.Add(document.Fault(path + ".key", $"The Secret `{reference.Name}` has no key `{reference.Key}`."));
        }
    }

    // "#/properties/city" is ".properties.city" behind the field that holds the schema.
    private static string PathOf(string location) => location.TrimStart('#').Replace('/', '.').Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
