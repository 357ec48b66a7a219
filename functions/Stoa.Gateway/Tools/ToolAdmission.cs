using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Schemas;
using Stoa.Gateway.Schemas.Json;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Caching;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Requests;

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

        RequestAdmission.Check(document, spec, addresses, faults);
        CredentialAdmission.Check(document, spec.Auth, addresses, findSecret, faults);
        AnswerAdmission.Check(document, spec, faults);
        CacheAdmission.Check(document, spec, faults);
    }

    public static void CheckSchema(ResourceDocument document, string path, JsonElement schema, List<ResourceFault> faults)
    {
        if (!JsonSchema.TryCompile(schema, SchemaOptions.Default, out _, out var fault))
        {
            faults.Add(document.Fault(path + PathOf(fault.Location), fault.Reason));
        }
    }

    // "#/properties/city" is ".properties.city" behind the field that holds the schema.
    private static string PathOf(string location) => JsonPointer.Unescape(location.TrimStart('#').Replace('/', '.'));
}
