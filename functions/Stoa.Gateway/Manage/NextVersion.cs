using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Manage;

/// <summary>A document as the resource it becomes, beside the one that is there: created, updated, or the same bytes as before.</summary>
/// <param name="Before">What is stored now; null when there is nothing yet.</param>
internal sealed record NextVersion(ApplyStatus Status, Resource Resource, Resource? Before)
{
    public ApplyVerdict Verdict => ApplyVerdict.Of(Status, Resource.Version) with
    {
        Before = Status is ApplyStatus.Updated ? Before : null,
        After = Status is ApplyStatus.Unchanged ? null : Resource,
    };

    /// <param name="uid">The existing resource's, or a new one.</param>
    /// <param name="annotations">Beside the document's own, and over them.</param>
    public static NextVersion Of(
        ResourceDocument document, Resource? existing, string uid, ReadOnlyMemory<byte> spec, DateTimeOffset now, params (string Key, string Value)[] annotations)
    {
        var notes = NotesOf(document, annotations);
        if (existing is not null && existing.Spec.Span.SequenceEqual(spec.Span) && existing.Notes.Span.SequenceEqual(notes.Span))
        {
            return new(ApplyStatus.Unchanged, existing, existing);
        }

        var version = VersionOf(uid, spec.Span, notes.Span);
        var next = new Resource(document.Kind, document.Name, uid, version, existing?.CreatedAt ?? now, now, spec) { Notes = notes };
        return new(existing is null ? ApplyStatus.Created : ApplyStatus.Updated, next, existing);
    }

    private static ReadOnlyMemory<byte> NotesOf(ResourceDocument document, (string Key, string Value)[] annotations)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        OrderedMap.Write(json, "labels", document.Labels);
        var own = annotations.Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        OrderedMap.Write(json, "annotations", document.Annotations.Where(a => !own.Contains(a.Key)).Concat(annotations.Select(a => KeyValuePair.Create(a.Key, a.Value))));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
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
