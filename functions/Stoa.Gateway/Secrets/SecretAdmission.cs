using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Secrets;

/// <summary>Turns an applied Secret into the one that is stored: values sealed, nothing left in plain text.</summary>
internal static class SecretAdmission
{
    public static void Check(ResourceDocument document, SecretVault vault, List<ResourceFault> faults)
    {
        foreach (var (key, name) in SpecOf(document).KeyVault ?? new Dictionary<string, string>())
        {
            if (vault.RefuseReference(name) is { } reason)
            {
                faults.Add(document.Fault($"spec.keyVault.{key}", reason));
            }
        }
    }

    /// <summary>What is wrong with naming a key of a Secret there: the Secret and the key must exist; null when they do.</summary>
    /// <param name="path">Of the reference.</param>
    public static ResourceFault? Objection(ResourceDocument document, string path, SecretRef reference, Func<string, Resource?> find) =>
        find(reference.Name) is not { } secret ? document.Fault($"{path}.name", $"There is no Secret `{reference.Name}` in this tenant; apply it first, or in the same request.")
        : StoredSecret.Parse(secret).Has(reference.Key) ? null
        : document.Fault($"{path}.key", $"The Secret `{reference.Name}` has no key `{reference.Key}`.");

    /// <summary>The spec to store. A value that is the stored one already keeps its sealed form, so that applying it again changes nothing.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> SealAsync(
        SecretVault vault, TenantId tenant, string uid, ResourceDocument document, Resource? existing, CancellationToken ct)
    {
        var spec = SpecOf(document);
        var stored = existing is null ? null : StoredSecret.Parse(existing);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, secret) in spec.Data ?? new Dictionary<string, Secret>())
        {
            values[key] = existing is not null && await vault.MatchesAsync(tenant, existing, key, secret, ct)
                ? stored!.Sealed[key]
                : await vault.SealAsync(tenant, uid, key, secret, ct);
        }

        return new StoredSecret(spec.Description, values, spec.KeyVault ?? new Dictionary<string, string>()).ToJson();
    }

    private static SecretSpec SpecOf(ResourceDocument document) => JsonSerializer.Deserialize(document.Spec.Span, SecretJson.Default.SecretSpec)!;
}
