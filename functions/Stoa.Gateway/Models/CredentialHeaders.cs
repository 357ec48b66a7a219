using System.Collections.Frozen;

namespace Stoa.Gateway.Models;

/// <summary>Headers that clients and providers put credentials into: configuration, which people read, neither sets nor compares them.</summary>
internal static class CredentialHeaders
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key", "x-auth-token", "x-access-token");

    public static bool Has(string header) => Names.Contains(header);
}
