using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;

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
            ResourceJson.WriteHead(json, tenant, resource, withStored: false);
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
        OrderedMap.Write(json, "data", secret.Sealed.Select(e => KeyValuePair.Create(e.Key, other is not null && other.Sealed.TryGetValue(e.Key, out var theirs) && theirs != e.Value ? changed : Kept)));
        OrderedMap.Write(json, "keyVault", secret.KeyVault);
        json.WriteEndObject();
    }
}
