using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Manage;

/// <summary>
/// What a dry run shows of a change: the resource as stored and as it would be stored, without what only storing gives it (uid, version,
/// times). Secret values are masks that tell a changed value from a kept one and nothing else.
/// </summary>
internal static class ApplyComparison
{
    private const string Kept = "***";
    private const string Old = "*** (before)";
    private const string New = "*** (after)";

    public static ApplyResult Add(ApplyResult result, ApplyItem item) => item.Verdict.After is not { } after
        ? result
        : result with
        {
            Before = item.Verdict.Before is { } before ? Show(item.Document.Namespace, before, after, Old) : null,
            After = Show(item.Document.Namespace, after, item.Verdict.Before, New),
        };

    private static JsonElement Show(TenantId tenant, Resource resource, Resource? other, string changed)
    {
        var buffer = new ArrayBufferWriter<byte>(resource.Spec.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion"u8, KindSchema.ApiVersion);
            json.WriteString("kind"u8, resource.Kind);
            json.WriteStartObject("metadata"u8);
            json.WriteString("name"u8, resource.Name);
            if (resource.Kind != TenantKind.Schema.Kind)
            {
                json.WriteString("namespace"u8, tenant.ToString());
            }

            using (var notes = JsonDocument.Parse(resource.Notes))
            {
                notes.RootElement.EnumerateObject().ToList().ForEach(note => note.WriteTo(json));
            }

            json.WriteEndObject();
            json.WritePropertyName("spec"u8);
            if (resource.Kind == SecretKind.Schema.Kind)
            {
                WriteSecret(json, StoredSecret.Parse(resource), other is null ? null : StoredSecret.Parse(other), changed);
            }
            else
            {
                json.WriteRawValue(resource.Spec.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        using var shown = JsonDocument.Parse(buffer.WrittenMemory);
        return shown.RootElement.Clone();
    }

    private static void WriteSecret(Utf8JsonWriter json, StoredSecret secret, StoredSecret? other, string changed)
    {
        json.WriteStartObject();
        if (secret.Description is not null)
        {
            json.WriteString("description"u8, secret.Description);
        }

        // A value that stays keeps its sealed form, see SecretAdmission.
        WriteMap(json, "data", secret.Sealed, (key, value) => other is not null && other.Sealed.TryGetValue(key, out var theirs) && theirs != value ? changed : Kept);
        WriteMap(json, "keyVault", secret.KeyVault, static (_, value) => value);
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map, Func<string, string, string> show)
    {
        if (map.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, show(key, value));
        }

        json.WriteEndObject();
    }
}
