using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Config;

/// <summary>
/// What a rollback puts in force. Rollback restores capability, it never restores access: it is used in haste, when a change broke
/// something, and must not hand a door key back to whoever was locked out since. So what is suspended now stays suspended, and a consumer
/// who is gone now (or whose name belongs to a new incarnation) does not return.
/// </summary>
internal static class Rollback
{
    private const string TenantKind = "Tenant";
    private const string ConsumerKind = "Consumer";
    private const string Suspended = "suspended";

    public static IReadOnlyList<Resource> Restore(Revision old, Revision now, DateTimeOffset at)
    {
        var result = new List<Resource>(old.Resources.Count);
        foreach (var resource in old.Resources)
        {
            var current = now.Find(resource.Kind, resource.Name);
            if (resource.Kind == ConsumerKind && current?.Uid != resource.Uid)
            {
                if (current is not null)
                {
                    result.Add(current);
                }

                continue;
            }

            var restored = CanBeSuspended(resource) && current is not null && IsSuspended(current) && !IsSuspended(resource)
                ? Suspend(resource)
                : resource;
            result.Add(restored.Version == current?.Version ? current : restored with { UpdatedAt = at });
        }

        // Without its document a tenant could not be suspended at all.
        result.AddRange(now.Resources.Where(r => r.Kind == TenantKind && old.Find(r.Kind, r.Name) is null));
        return result;
    }

    private static bool CanBeSuspended(Resource resource) => resource.Kind is TenantKind or ConsumerKind;

    private static bool IsSuspended(Resource resource)
    {
        using var spec = JsonDocument.Parse(resource.Spec);
        return spec.RootElement.TryGetProperty(Suspended, out var value) && value.ValueKind is JsonValueKind.True;
    }

    private static Resource Suspend(Resource resource)
    {
        using var spec = JsonDocument.Parse(resource.Spec);
        var buffer = new ArrayBufferWriter<byte>(resource.Spec.Length + 24);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            var written = false;
            foreach (var property in spec.RootElement.EnumerateObject().Where(p => p.Name != Suspended))
            {
                // Canonical JSON has its properties in ordinal order.
                if (!written && string.CompareOrdinal(property.Name, Suspended) > 0)
                {
                    json.WriteBoolean(Suspended, true);
                    written = true;
                }

                property.WriteTo(json);
            }

            if (!written)
            {
                json.WriteBoolean(Suspended, true);
            }

            json.WriteEndObject();
        }

        var changed = buffer.WrittenMemory;
        return resource with { Spec = changed, Version = VersionOf(resource, changed.Span) };
    }

    // As apply makes it: over what the document says, so that applying the same document afterwards is no change.
    private static string VersionOf(Resource resource, ReadOnlySpan<byte> spec)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(resource.Uid));
        hash.AppendData(spec);
        hash.AppendData(resource.Notes.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
