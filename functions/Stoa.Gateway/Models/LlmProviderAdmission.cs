using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Models;

/// <summary>What a provider's document must satisfy in this gateway and tenant: an address that may be called, a secret that exists, an identity to lend.</summary>
internal static class LlmProviderAdmission
{
    /// <param name="hasIdentity">The gateway has an identity of its own at Azure.</param>
    public static void Check(ResourceDocument document, AddressRules addresses, bool hasIdentity, Func<string, Resource?> findSecret, List<ResourceFault> faults)
    {
        var spec = ModelJson.Provider(document.Spec);
        var url = UpstreamUrls.BaseOf(spec);
        if (!EgressTarget.TryCheck(url, addresses, out var reason))
        {
            faults.Add(document.Fault("spec.baseUrl", reason));
        }
        else if (url.Scheme != Uri.UriSchemeHttps && !addresses.MayBeInside(url))
        {
            faults.Add(document.Fault("spec.baseUrl", "Prompts and the provider's key travel there; use an https:// URL. Plain http is for addresses of this machine or network that the operator has opened."));
        }

        if (spec.Auth?.SecretRef is { } reference)
        {
            CheckSecret(document, reference, findSecret(reference.Name), faults);
        }

        if (spec.Auth is { ManagedIdentity: true } && !hasIdentity)
        {
            faults.Add(document.Fault("spec.auth.managedIdentity", "This gateway has no Azure identity to lend; run it in Azure with a managed identity, or use a `secretRef`."));
        }
    }

    /// <summary>
    /// The gateway's own identity opens whatever it was given, of all tenants and the platform: who could point it at an address of its
    /// choice would borrow it (a confused deputy).
    /// </summary>
    public static ResourceFault? Objection(ResourceDocument document, bool isByPlatform) =>
        !isByPlatform && document.Kind == LlmProviderKind.Schema.Kind && ModelJson.Provider(document.Spec).Auth is { ManagedIdentity: true }
            ? document.Fault("spec.auth.managedIdentity", "This lends the gateway's own identity, which belongs to no tenant; only an administrator of the platform may set it or change a provider that has it. Use a `secretRef`.")
            : null;

    private static void CheckSecret(ResourceDocument document, SecretRef reference, Resource? secret, List<ResourceFault> faults)
    {
        if (secret is null)
        {
            faults.Add(document.Fault("spec.auth.secretRef.name", $"There is no Secret `{reference.Name}` in this tenant; apply it first, or in the same request."));
        }
        else if (!StoredSecret.Parse(secret).Has(reference.Key))
        {
            faults.Add(document.Fault("spec.auth.secretRef.key", $"The Secret `{reference.Name}` has no key `{reference.Key}`."));
        }
    }
}
