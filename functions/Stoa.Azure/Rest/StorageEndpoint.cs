using Azure.Core;
using Azure.Core.Pipeline;

namespace Stoa.Azure.Rest;

/// <summary>Where a storage service is and how requests to it are authorized. The transport is for tests that pin a certificate.</summary>
internal sealed record StorageEndpoint(Uri Uri, HttpPipelinePolicy Authorization, HttpPipelineTransport? Transport = null)
{
    /// <summary>Authorization by Entra ID; the policy refuses plain HTTP.</summary>
    public static StorageEndpoint WithIdentity(Uri uri, TokenCredential credential) =>
        new(uri, new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default"));
}
