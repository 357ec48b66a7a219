using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Secrets;

/// <summary>A Secret as a revision holds it: sealed values and references, no plain value anywhere.</summary>
/// <param name="Sealed">Key to sealed value.</param>
/// <param name="KeyVault">Key to the name of a Key Vault secret, without the tenant's prefix.</param>
internal sealed record StoredSecret(string? Description, IReadOnlyDictionary<string, string> Sealed, IReadOnlyDictionary<string, string> KeyVault)
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    public static StoredSecret Parse(Resource secret)
    {
        using var document = JsonDocument.Parse(secret.Spec);
        var root = document.RootElement;
        return new(
            root.TryGetProperty("description", out var description) ? description.GetString() : null,
            Map(root, "sealed"),
            Map(root, "keyVault"));
    }

    public bool Has(string key) => Sealed.ContainsKey(key) || KeyVault.ContainsKey(key);

    /// <summary>The spec to store, canonical: properties in ordinal order, no white space.</summary>
    public ReadOnlyMemory<byte> ToJson() => Write(static (json, spec) =>
    {
        WriteDescription(json, spec);
        OrderedMap.Write(json, "keyVault", spec.KeyVault);
        OrderedMap.Write(json, "sealed", spec.Sealed);
    });

    /// <summary>What GET may show: which keys there are and where they come from, never a value, not even sealed.</summary>
    public ReadOnlyMemory<byte> ToPublicJson() => Write(static (json, spec) =>
    {
        WriteDescription(json, spec);
        OrderedMap.Write(json, "keyVault", spec.KeyVault);
        json.WriteStartArray("keys");
        foreach (var key in spec.Sealed.Keys.Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(key);
        }

        json.WriteEndArray();
    });

    /// <summary>A record prints its members; even sealed values have no business in a log.</summary>
    public override string ToString() => $"Secret with {Sealed.Count} sealed values and {KeyVault.Count} references";

    private static IReadOnlyDictionary<string, string> Map(JsonElement root, string name) =>
        root.TryGetProperty(name, out var map)
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal)
            : Nothing;

    private ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter, StoredSecret> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json, this);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteDescription(Utf8JsonWriter json, StoredSecret spec)
    {
        if (spec.Description is not null)
        {
            json.WriteString("description", spec.Description);
        }
    }
}
