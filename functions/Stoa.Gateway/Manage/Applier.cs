using Stoa.Gateway.Config;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Manage;

/// <summary>
/// Applies documents: those of one tenant in one commit, so that a crash leaves all of them or none, and each document whole or refused
/// with its faults.
/// </summary>
internal sealed class Applier(ResourceReader reader, ConfigStore config, ApplyGrounds grounds, EgressClient egress, TimeProvider time)
{
    /// <summary>Each may cost a fetch and thousands of tools.</summary>
    private const int MostToolSets = 10;

    /// <param name="defaultTenant">For documents that name none; the caller's own when null.</param>
    public async ValueTask<ApplyReport> ApplyAsync(Caller caller, TenantId? defaultTenant, ReadOnlyMemory<byte> body, ApplyMode mode, CancellationToken ct)
    {
        var documents = reader.Read(body, defaultTenant ?? caller.Revision?.Tenant);
        var results = new ApplyResult[documents.Count];
        var revisions = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var items = new List<ApplyItem>();
        for (var i = 0; i < documents.Count; i++)
        {
            if (documents[i] is not { Resource: { } document })
            {
                results[i] = Unreadable(i + 1, documents[i]);
            }
            else if (MayApply(caller, document))
            {
                items.Add(new ApplyItem(i + 1, document));
            }
            else
            {
                results[i] = Result(new ApplyItem(i + 1, document) { Verdict = NotYours(document) });
            }
        }

        await ExpandAsync(items, ct);
        foreach (var tenant in items.GroupBy(i => i.Document.Namespace))
        {
            var plan = new ApplyPlan(tenant.Key, [.. tenant], caller.Role is Role.PlatformAdmin, grounds, time);
            async ValueTask<ChangeSet> MakeAsync(Revision? current, CancellationToken token)
            {
                // The slug may have been given to somebody else since the caller was identified.
                if (current is not null && !ManageAccess.Owns(caller, current))
                {
                    tenant.ToList().ForEach(i => i.Verdict = NotYours(i.Document));
                    return ChangeSet.None;
                }

                return await plan.MakeAsync(current, token);
            }

            var revision = mode is not ApplyMode.Commit
                ? await TryAsync(MakeAsync, tenant.Key, ct)
                : await config.CommitAsync(tenant.Key, MakeAsync, caller.Name, ct);
            if (revision is not null)
            {
                revisions[tenant.Key.ToString()] = revision.Number;
            }
        }

        foreach (var item in items)
        {
            results[item.Position - 1] = mode is ApplyMode.Compare ? ApplyComparison.Add(Result(item), item) : Result(item);
        }

        return new(mode is not ApplyMode.Commit, results, revisions);
    }

    // Before anything is decided: a decision may have to be made again, and must not fetch again.
    private async ValueTask ExpandAsync(List<ApplyItem> items, CancellationToken ct)
    {
        foreach (var (index, item) in items.Where(i => i.Document.Kind == ToolSetKind.Schema.Kind).Index())
        {
            item.Expansion = index < MostToolSets
                ? await Expansion.OfAsync(item.Document, egress, ct)
                : Expansion.Failed(item.Document.Fault("kind", $"A request holds at most {MostToolSets} ToolSets; send the rest in another one."));
        }
    }

    private async ValueTask<Revision?> TryAsync(Func<Revision?, CancellationToken, ValueTask<ChangeSet>> make, TenantId tenant, CancellationToken ct)
    {
        var current = await config.LoadCurrentAsync(tenant, ct);
        await make(current, ct);
        return current;
    }

    private static ApplyVerdict NotYours(ResourceDocument document) =>
        ApplyVerdict.Forbidden(document.Fault("metadata", "This key may change its own tenant only, and only an administrator changes tenants themselves."));

    // A tenant that could change its own Tenant could lift its own suspension.
    private static bool MayApply(Caller caller, ResourceDocument document) =>
        caller.Role is Role.PlatformAdmin || (ManageAccess.Owns(caller, document.Namespace) && !document.Schema.IsTenant);

    private static ApplyResult Unreadable(int position, ReadDocument document) =>
        new(position, document.Kind, null, document.Name, "invalid", null, [.. document.Faults.Select(Fault)]);

    private static ApplyResult Result(ApplyItem item) => new(
        item.Position,
        item.Document.Kind,
        item.Document.Namespace.ToString(),
        item.Document.Name,
        item.Verdict.Status switch
        {
            ApplyStatus.Created => "created",
            ApplyStatus.Unchanged => "unchanged",
            ApplyStatus.Updated => "updated",
            ApplyStatus.Invalid => "invalid",
            ApplyStatus.Conflict => "conflict",
            ApplyStatus.Forbidden => "forbidden",
            _ => throw new InvalidOperationException($"No word for {item.Verdict.Status}."),
        },
        item.Verdict.Version,
        item.Verdict.Faults.Count == 0 ? null : [.. item.Verdict.Faults.Select(Fault)])
    {
        ToolSet = item.Verdict.ToolSet,
    };

    private static ApplyFault Fault(ResourceFault fault) => new(fault.Line, fault.Column, fault.Path, fault.Reason);
}
