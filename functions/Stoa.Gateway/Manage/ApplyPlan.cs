using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Stoa.Gateway.Config;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>
/// Works out what one tenant's documents do to the revision in force: a change set, and a verdict per document. Runs again from the
/// start when another writer was first, so it keeps nothing from run to run.
/// </summary>
internal sealed class ApplyPlan(TenantId tenant, IReadOnlyList<ApplyItem> items, SecretVault vault, AddressRules addresses, TimeProvider time)
{
    // Kinds that others refer to come first, so that a reference can be judged when its holder is.
    private static readonly string[] Order = [TenantKind.Schema.Kind, SecretKind.Schema.Kind];

    /// <summary>What one tenant may hold: a revision is one blob, read and written whole.</summary>
    private const int MostBytes = 24 * 1024 * 1024;

    // Each round judges everything again; honest files need one or two.
    private const int MostRounds = 8;

    // Names, versions and punctuation around a stored resource, at most.
    private const int BytesAround = 500;

    public async ValueTask<ChangeSet> MakeAsync(Revision? current, CancellationToken ct)
    {
        // Tools are judged by the Secrets beside them, so a Secret that must stay as it is has them judged again.
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        var puts = await JudgeAllAsync(current, kept, ct);
        for (var round = 1; KeepKeysInUse(current, puts, kept); round++)
        {
            if (round == MostRounds)
            {
                RefuseChanges("These Secrets and Tools depend on each other in too long a chain; apply them in smaller parts.");
                return ChangeSet.None;
            }

            puts = await JudgeAllAsync(current, kept, ct);
        }

        if (BytesOf(Outcome(current, puts)) is var bytes && bytes > MostBytes && bytes > BytesOf(current?.Resources ?? []))
        {
            RefuseChanges($"The tenant would hold more than {MostBytes / 1024 / 1024} MiB, so nothing of it was changed; delete or shorten something first.");
            return ChangeSet.None;
        }

        var changed = items.Where(i => i.Verdict.Status is ApplyStatus.Created or ApplyStatus.Updated).Select(i => $"{i.Document.Kind} {i.Document.Name}").ToArray();
        var summary = changed.Length <= 3 ? string.Join(", ", changed) : $"{string.Join(", ", changed.Take(3))} and {changed.Length - 3} more";
        return puts.Count == 0 ? ChangeSet.None : new ChangeSet($"Applied {summary}", [.. puts.Values], []);
    }

    /// <param name="kept">Secrets that must not change now, by name, and why.</param>
    private async ValueTask<Dictionary<(string Kind, string Name), Resource>> JudgeAllAsync(
        Revision? current, Dictionary<string, string> kept, CancellationToken ct)
    {
        var puts = new Dictionary<(string Kind, string Name), Resource>();
        foreach (var item in items.OrderBy(i => Array.IndexOf(Order, i.Document.Kind) is var at && at < 0 ? Order.Length : at))
        {
            ct.ThrowIfCancellationRequested();
            item.Verdict = item.Document.Kind == SecretKind.Schema.Kind && kept.TryGetValue(item.Document.Name, out var reason)
                ? ApplyVerdict.Invalid(item.Document.Fault("spec", reason))
                : await JudgeAsync(item.Document, current, puts, ct);
        }

        return puts;
    }

    /// <summary>Notes the changed Secrets that lack a key which a tool would still use; false when there are none.</summary>
    private static bool KeepKeysInUse(Revision? current, Dictionary<(string Kind, string Name), Resource> puts, Dictionary<string, string> kept)
    {
        var known = kept.Count;
        if (current is not null && puts.Keys.Any(k => k.Kind == SecretKind.Schema.Kind && current.Find(k.Kind, k.Name) is not null))
        {
            foreach (var (tool, secret) in SecretUses.In(Outcome(current, puts)))
            {
                if (puts.TryGetValue((SecretKind.Schema.Kind, secret.Name), out var changed) && !StoredSecret.Parse(changed).Has(secret.Key))
                {
                    kept[secret.Name] = $"Tool {tool} uses the key `{secret.Key}`; keep it, or change the tool first or in the same request.";
                }
            }
        }

        return kept.Count > known;
    }

    private void RefuseChanges(string reason)
    {
        foreach (var item in items.Where(i => i.Verdict.Status is ApplyStatus.Created or ApplyStatus.Updated))
        {
            item.Verdict = ApplyVerdict.Invalid(item.Document.Fault("metadata.name", reason));
        }
    }

    private static IEnumerable<Resource> Outcome(Revision? current, Dictionary<(string Kind, string Name), Resource> puts) =>
        (current?.Resources ?? []).Where(r => !puts.ContainsKey((r.Kind, r.Name))).Concat(puts.Values);

    private static long BytesOf(IEnumerable<Resource> resources) => resources.Sum(r => (long)r.Spec.Length + r.Notes.Length + BytesAround);

    private async ValueTask<ApplyVerdict> JudgeAsync(
        ResourceDocument document, Revision? current, Dictionary<(string Kind, string Name), Resource> puts, CancellationToken ct)
    {
        if (current is null && !document.Schema.IsTenant && !puts.ContainsKey((TenantKind.Schema.Kind, tenant.ToString())))
        {
            return ApplyVerdict.Invalid(document.Fault("metadata.namespace", $"There is no tenant `{tenant}`; apply a Tenant of that name first, or in the same request."));
        }

        var existing = current?.Find(document.Kind, document.Name);
        if (document.ResourceVersion is { } seen && seen != existing?.Version)
        {
            return ApplyVerdict.Conflict(document.Fault("metadata.resourceVersion", existing is null
                ? "The resource does not exist (any more); remove resourceVersion to create it."
                : $"The stored resource has version {existing.Version}; read it again before you change it."));
        }

        var faults = Check(document, name => puts.GetValueOrDefault((SecretKind.Schema.Kind, name)) ?? current?.Find(SecretKind.Schema.Kind, name));
        if (faults.Count > 0)
        {
            return ApplyVerdict.Invalid([.. faults]);
        }

        var now = time.GetUtcNow();
        var uid = existing?.Uid ?? Guid.CreateVersion7(now).ToString("N");
        var notes = NotesOf(document);
        var spec = document.Kind == SecretKind.Schema.Kind ? await SecretAdmission.SealAsync(vault, tenant, uid, document, existing, ct) : document.Spec;
        if (existing is not null && existing.Spec.Span.SequenceEqual(spec.Span) && existing.Notes.Span.SequenceEqual(notes.Span))
        {
            return ApplyVerdict.Of(ApplyStatus.Unchanged, existing.Version);
        }

        var version = VersionOf(uid, spec.Span, notes.Span);
        var changed = new Resource(document.Kind, document.Name, uid, version, existing?.CreatedAt ?? now, now, spec) { Notes = notes };
        puts[(document.Kind, document.Name)] = changed;
        return ApplyVerdict.Of(existing is null ? ApplyStatus.Created : ApplyStatus.Updated, version) with { Before = existing, After = changed };
    }

    private List<ResourceFault> Check(ResourceDocument document, Func<string, Resource?> findSecret)
    {
        var faults = new List<ResourceFault>();
        if (document.Kind == ToolKind.Schema.Kind)
        {
            ToolAdmission.Check(document, addresses, findSecret, faults);
        }
        else if (document.Kind == SecretKind.Schema.Kind)
        {
            SecretAdmission.Check(document, vault, faults);
        }

        return faults;
    }

    private static ReadOnlyMemory<byte> NotesOf(ResourceDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        WriteMap(json, "labels", document.Labels);
        WriteMap(json, "annotations", document.Annotations);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static string VersionOf(string uid, ReadOnlySpan<byte> spec, ReadOnlySpan<byte> notes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(uid));
        hash.AppendData(spec);
        hash.AppendData(notes);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
