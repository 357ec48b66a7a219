using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Manage;

/// <summary>A document as the resource it becomes, beside the one that is there: created, updated, or the same bytes as before.</summary>
internal sealed record NextVersion(ApplyStatus Status, Resource Resource)
{
    /// <param name="annotations">Beside the document's own, and over them.</param>
    public static NextVersion Of(ResourceDocument document, Resource? existing, DateTimeOffset now, params (string Key, string Value)[] annotations)
    {
        var uid = existing?.Uid ?? Guid.CreateVersion7(now).ToString("N");
        var created = new Resource(document.Kind, document.Name, uid, "", existing?.CreatedAt ?? now, now, default) { Notes = NotesOf(document, annotations) };
        return Against(existing, created, document.Spec);
    }

    /// <summary>The same with other bytes, for a spec that is stored sealed.</summary>
    public NextVersion WithSpec(ReadOnlyMemory<byte> spec) => Against(Existing, Resource, spec);

    private Resource? Existing { get; init; }

    private static NextVersion Against(Resource? existing, Resource draft, ReadOnlyMemory<byte> spec)
    {
        if (existing is not null && existing.Spec.Span.SequenceEqual(spec.Span) && existing.Notes.Span.SequenceEqual(draft.Notes.Span))
        {
            return new(ApplyStatus.Unchanged, existing) { Existing = existing };
        }

        var next = draft with { Spec = spec, Version = VersionOf(draft.Uid, spec.Span, draft.Notes.Span) };
        return new(existing is null ? ApplyStatus.Created : ApplyStatus.Updated, next) { Existing = existing };
    }

    private static ReadOnlyMemory<byte> NotesOf(ResourceDocument document, (string Key, string Value)[] annotations)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        WriteMap(json, "labels", document.Labels);
        var own = annotations.Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        WriteMap(json, "annotations", document.Annotations.Where(a => !own.Contains(a.Key)).Concat(annotations.Select(a => KeyValuePair.Create(a.Key, a.Value))));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        var entries = map.OrderBy(e => e.Key, StringComparer.Ordinal).ToArray();
        if (entries.Length == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in entries)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static string VersionOf(string uid, ReadOnlySpan<byte> spec, ReadOnlySpan<byte> notes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(uid));
        hash.AppendData(spec);
        hash.AppendData(notes);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
