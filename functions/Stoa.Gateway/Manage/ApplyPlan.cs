using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>
/// Works out what one tenant's documents do to the revision in force: a change set, and a verdict per document. Runs again from the
/// start when another writer was first, so it keeps nothing from run to run.
/// </summary>
/// <param name="isByPlatform">An administrator of the platform asks, not one of the tenant.</param>
internal sealed class ApplyPlan(
    TenantId tenant, IReadOnlyList<ApplyItem> items, bool isByPlatform, ApplyGrounds grounds, TimeProvider time)
{
    // Kinds that others refer to come first, so that a reference can be judged when its holder is.
    private static readonly string[] Order =
    [
        TenantKind.Schema.Kind, SecretKind.Schema.Kind, QuotaPolicyKind.Schema.Kind, PlanKind.Schema.Kind, ConsumerKind.Schema.Kind,
        SubscriptionKind.Schema.Kind, ToolSetKind.Schema.Kind, LlmProviderKind.Schema.Kind,
    ];

    /// <summary>What one tenant may hold: a revision is one blob, read and written whole.</summary>
    private const int MostBytes = 24 * 1024 * 1024;

    // Each round judges everything again; honest files need one or two.
    private const int MostRounds = 8;

    // Names, versions and punctuation around a stored resource, at most.
    private const int BytesAround = 500;

    public async ValueTask<ChangeSet> MakeAsync(Revision? current, CancellationToken ct)
    {
        // Tools are judged by the Secrets beside them, so a Secret that must stay as it is has them judged again.
        // The same goes for the Tenant, which is judged before the QuotaPolicy and the Plan that it names.
        var kept = new Dictionary<(string Kind, string Name), (string Path, string Reason)>();
        var draft = await JudgeAllAsync(current, kept, ct);
        for (var round = 1; KeepKeysInUse(draft, kept) | KeepTenant(draft, kept); round++)
        {
            if (round == MostRounds)
            {
                RefuseChanges("These Secrets and Tools depend on each other in too long a chain; apply them in smaller parts.");
                return ChangeSet.None;
            }

            draft = await JudgeAllAsync(current, kept, ct);
        }

        if (BytesOf(draft.Resources) is var bytes && bytes > MostBytes && bytes > BytesOf(current?.Resources ?? []))
        {
            RefuseChanges($"The tenant would hold more than {MostBytes / 1024 / 1024} MiB, so nothing of it was changed; delete or shorten something first.");
            return ChangeSet.None;
        }

        var changed = items.Where(i => i.Verdict.Status is ApplyStatus.Created or ApplyStatus.Updated).Select(i => $"{i.Document.Kind} {i.Document.Name}").ToArray();
        var summary = changed.Length <= 3 ? string.Join(", ", changed) : $"{string.Join(", ", changed.Take(3))} and {changed.Length - 3} more";
        return draft.IsEmpty ? ChangeSet.None : new ChangeSet($"Applied {summary}", [.. draft.Puts.Values], [.. draft.Deletes]);
    }

    /// <param name="kept">What must not change now, and why.</param>
    private async ValueTask<Draft> JudgeAllAsync(
        Revision? current, Dictionary<(string Kind, string Name), (string Path, string Reason)> kept, CancellationToken ct)
    {
        var draft = new Draft(current);
        foreach (var item in items.OrderBy(i => Array.IndexOf(Order, i.Document.Kind) is var at && at < 0 ? Order.Length : at))
        {
            ct.ThrowIfCancellationRequested();
            item.Verdict = kept.TryGetValue((item.Document.Kind, item.Document.Name), out var why)
                ? ApplyVerdict.Invalid(item.Document.Fault(why.Path, why.Reason))
                : await JudgeAsync(item, draft, ct);
        }

        return draft;
    }

    /// <summary>Notes the changed Secrets that lack a key which somebody would still use; false when there are none.</summary>
    private static bool KeepKeysInUse(Draft draft, Dictionary<(string Kind, string Name), (string Path, string Reason)> kept)
    {
        var known = kept.Count;
        if (draft.Current is { } current && draft.Puts.Keys.Any(k => k.Kind == SecretKind.Schema.Kind && current.Find(k.Kind, k.Name) is not null))
        {
            foreach (var (user, secret) in SecretUses.In(draft.Resources))
            {
                if (draft.Puts.TryGetValue((SecretKind.Schema.Kind, secret.Name), out var changed) && !StoredSecret.Parse(changed).Has(secret.Key))
                {
                    kept[(SecretKind.Schema.Kind, secret.Name)] =
                        ("spec", $"{user} uses the key `{secret.Key}`; keep it, or change that first or in the same request.");
                }
            }
        }

        return kept.Count > known;
    }

    private bool KeepTenant(Draft draft, Dictionary<(string Kind, string Name), (string Path, string Reason)> kept)
    {
        var key = (TenantKind.Schema.Kind, tenant.ToString());
        if (!draft.Puts.TryGetValue(key, out var changed))
        {
            return false;
        }

        foreach (var to in QuotaReferences.Of(changed.Kind, changed.Spec).Where(to => draft.Find(to.Kind, to.Name) is null))
        {
            kept[key] = (to.Path, QuotaReferences.Missing(to));
            return true;
        }

        return false;
    }

    private void RefuseChanges(string reason)
    {
        foreach (var item in items.Where(i => i.Verdict.Status is ApplyStatus.Created or ApplyStatus.Updated))
        {
            item.Verdict = ApplyVerdict.Invalid(item.Document.Fault("metadata.name", reason));
        }
    }

    private static long BytesOf(IEnumerable<Resource> resources) => resources.Sum(r => (long)r.Spec.Length + r.Notes.Length + BytesAround);

    private async ValueTask<ApplyVerdict> JudgeAsync(ApplyItem item, Draft draft, CancellationToken ct)
    {
        var document = item.Document;
        if (draft.Current is null && !document.Schema.IsTenant && draft.Find(TenantKind.Schema.Kind, tenant.ToString()) is null)
        {
            return ApplyVerdict.Invalid(document.Fault("metadata.namespace", $"There is no tenant `{tenant}`; apply a Tenant of that name first, or in the same request."));
        }

        var existing = draft.Find(document.Kind, document.Name);
        if (document.ResourceVersion is { } seen && seen != existing?.Version)
        {
            return ApplyVerdict.Conflict(document.Fault("metadata.resourceVersion", existing is null
                ? "The resource does not exist (any more); remove resourceVersion to create it."
                : $"The stored resource has version {existing.Version}; read it again before you change it."));
        }

        if (document.Kind == ToolSetKind.Schema.Kind)
        {
            var expansion = item.Expansion ?? throw new InvalidOperationException("A ToolSet is expanded before it is judged.");
            return new ToolSetPlan(document, expansion, draft, grounds.Addresses, time.GetUtcNow()).Judge();
        }

        if (!isByPlatform && QuotaReferences.IsOfTenant(document, draft))
        {
            return ApplyVerdict.Forbidden(document.Fault("metadata.name", $"This {document.Kind} limits the tenant itself; only an administrator of the platform changes it."));
        }

        var faults = Check(document, draft);
        if (faults.Count > 0)
        {
            return ApplyVerdict.Invalid([.. faults]);
        }

        var now = time.GetUtcNow();
        var uid = existing?.Uid ?? Guid.CreateVersion7(now).ToString("N");
        var spec = document.Kind == SecretKind.Schema.Kind ? await SecretAdmission.SealAsync(grounds.Vault, tenant, uid, document, existing, ct)
            : document.Kind == SubscriptionKind.Schema.Kind ? SubscriptionAdmission.Complete(document, existing, draft.Resources, now, faults)
            : document.Spec;
        if (spec is not { } stored)
        {
            return ApplyVerdict.Invalid([.. faults]);
        }

        var next = NextVersion.Of(document, existing, uid, stored, now);

        // What was read can be applied again, also of a tool that a set made; only a change to it must be made there.
        if (next.Status is not ApplyStatus.Unchanged && ToolSetPlan.Objection(document, existing) is { } objection)
        {
            return ApplyVerdict.Invalid(objection);
        }

        if (next.Status is not ApplyStatus.Unchanged && LlmProviderAdmission.Objection(document, isByPlatform) is { } privilege)
        {
            return ApplyVerdict.Forbidden(privilege);
        }

        if (next.Status is not ApplyStatus.Unchanged)
        {
            draft.Put(next.Resource);
        }

        return next.Verdict;
    }

    private List<ResourceFault> Check(ResourceDocument document, Draft draft)
    {
        var faults = new List<ResourceFault>();
        if (!document.Schema.IsTenant)
        {
            faults.AddRange(QuotaReferences.Check(document, draft));
        }

        if (document.Kind == ToolKind.Schema.Kind)
        {
            ToolAdmission.Check(document, grounds.Addresses, name => draft.Find(SecretKind.Schema.Kind, name), faults);
        }
        else if (document.Kind == SecretKind.Schema.Kind)
        {
            SecretAdmission.Check(document, grounds.Vault, faults);
        }
        else if (document.Kind == LlmProviderKind.Schema.Kind)
        {
            LlmProviderAdmission.Check(document, grounds.Addresses, grounds.HasIdentity, name => draft.Find(SecretKind.Schema.Kind, name), faults);
        }
        else if (document.Kind == LlmRouteKind.Schema.Kind)
        {
            LlmRouteAdmission.Check(document, name => draft.Find(LlmProviderKind.Schema.Kind, name), draft.Resources, faults);
        }

        return faults;
    }
}
