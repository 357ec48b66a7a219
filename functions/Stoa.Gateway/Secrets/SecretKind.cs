using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Secrets;

/// <summary>The kind <c>Secret</c>.</summary>
internal static class SecretKind
{
    private const int MostKeys = 32;
    private const int LongestValue = 16 * 1024;

    private static readonly TextRule KeyVaultName = new(
        "the name of a Key Vault secret: 1 to 127 letters, digits or hyphens",
        "^[A-Za-z0-9-]{1,127}$",
        static text => text.Length is >= 1 and <= 127 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    public static KindSchema Schema { get; } = new()
    {
        Kind = "Secret",
        Plural = "secrets",
        Description = "Credentials that tools use, sealed in storage or kept in Key Vault. Values can be written and never read back.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("description", Shape.Text(0, 4096), "For people."),
            new("data", new MapShape(TextRule.Name, Value) { Fewest = 1, Most = MostKeys }, "Values by key. Write-only.")
            {
                Aliases = ["stringData"],
            },
            new("keyVault", new MapShape(TextRule.Name, Shape.Text(KeyVaultName)) { Fewest = 1, Most = MostKeys },
                "Names of Key Vault secrets by key; their current values are used.")),
        Check = Check,
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: Secret
            metadata:
              name: weather-api
              namespace: acme
            spec:
              data:
                key: replace-me
              keyVault:
                backup-key: weather-backup-key
            """,
    };

    private static TextShape Value => new() { Shortest = 1, LongestInBytes = LongestValue, AnyCharacters = true };

    private static void Check(DocumentTree document, FaultList faults)
    {
        var data = document.Find("spec.data") as MapNode;
        var keyVault = document.Find("spec.keyVault") as MapNode;
        if (data is null && keyVault is null && !faults.Concern("spec"))
        {
            faults.Add(document.Fault("spec", "A secret needs at least one key, under `data` or `keyVault`."));
        }

        foreach (var entry in keyVault?.Entries ?? [])
        {
            if (data?[entry.Key] is not null)
            {
                var path = NodePath.Of("spec.keyVault", entry.Key);
                faults.Add(document.Fault(path, $"The key {Wording.Quoted(entry.Key)} is under `data` too; keep one of them."));
            }
        }
    }
}
