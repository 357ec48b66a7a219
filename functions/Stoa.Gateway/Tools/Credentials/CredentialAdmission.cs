using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>What a tool proves itself with must exist, and a token endpoint must be one that may be called.</summary>
internal static class CredentialAdmission
{
    public static void Check(ResourceDocument document, ToolAuth auth, AddressRules addresses, Func<string, Resource?> findSecret, List<ResourceFault> faults)
    {
        CheckSecret(document, "spec.auth.apiKey.secretRef", auth.ApiKey?.SecretRef, findSecret, faults);
        CheckSecret(document, "spec.auth.bearer.secretRef", auth.Bearer?.SecretRef, findSecret, faults);
        CheckSecret(document, "spec.auth.basic.usernameRef", auth.Basic?.UsernameRef, findSecret, faults);
        CheckSecret(document, "spec.auth.basic.passwordRef", auth.Basic?.PasswordRef, findSecret, faults);
        CheckSecret(document, "spec.auth.oauth2.clientIdRef", auth.OAuth2?.ClientIdRef, findSecret, faults);
        CheckSecret(document, "spec.auth.oauth2.clientSecretRef", auth.OAuth2?.ClientSecretRef, findSecret, faults);
        CheckSecret(document, "spec.auth.mtls.certificateRef", auth.Mtls?.CertificateRef, findSecret, faults);
        CheckSecret(document, "spec.auth.mtls.privateKeyRef", auth.Mtls?.PrivateKeyRef, findSecret, faults);
        if (auth.OAuth2 is { } client && !(Uri.TryCreate(client.TokenUrl, UriKind.Absolute, out var url) && EgressTarget.TryCheck(url, addresses, out _)))
        {
            faults.Add(document.Fault("spec.auth.oauth2.tokenUrl", "Expected an absolute https URL that this gateway may call."));
        }
        else if (auth.OAuth2 is not null && new Uri(auth.OAuth2.TokenUrl) is { IsLoopback: false } token && token.Scheme != Uri.UriSchemeHttps)
        {
            // RFC 6749 §3.2: the client's secret travels there.
            faults.Add(document.Fault("spec.auth.oauth2.tokenUrl", "A token endpoint receives the client's secret; use an https:// URL."));
        }
    }

    private static void CheckSecret(ResourceDocument document, string path, SecretRef? reference, Func<string, Resource?> findSecret, List<ResourceFault> faults)
    {
        if (reference is not null && SecretAdmission.Objection(document, path, reference, findSecret) is { } objection)
        {
            faults.Add(objection);
        }
    }
}
