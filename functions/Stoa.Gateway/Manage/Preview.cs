using Stoa.Gateway.Kernel;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Manage;

/// <summary>A tenant's configuration as it would be with some documents applied: judged as apply judges them, and stored nowhere.</summary>
internal sealed class Preview(ResourceReader reader, ApplyGrounds grounds, TimeProvider time)
{
    /// <summary>The revision, or null and the faults of the documents.</summary>
    public async ValueTask<(Revision? Revision, IReadOnlyList<string> Faults)> MakeAsync(Revision current, ReadOnlyMemory<byte> documents, CancellationToken ct)
    {
        var read = reader.Read(documents, current.Tenant);
        var items = read.Select((r, i) => r.Resource is { } document ? new ApplyItem(i + 1, document) : null).OfType<ApplyItem>().ToArray();
        var faults = read.SelectMany(r => r.Faults).Concat(items.Where(i => i.Document.Namespace != current.Tenant || i.Document.Schema.IsTenant || i.Document.Kind == ToolSetKind.Schema.Kind).Select(ElsewhereFault)).ToArray();
        if (faults.Length > 0)
        {
            return (null, [.. faults.Select(f => f.ToString())]);
        }

        var changes = await new ApplyPlan(current.Tenant, items, isByPlatform: false, grounds, time).MakeAsync(current, ct);
        var refused = items.Where(i => !i.Verdict.IsApplied).SelectMany(i => i.Verdict.Faults).Select(f => f.ToString()).ToArray();
        return refused.Length > 0 ? (null, refused) : (new Revision(current.Tenant, current.Number, current.Uid, changes.ApplyTo(current)), []);
    }

    private static ResourceFault ElsewhereFault(ApplyItem item) =>
        item.Document.Fault("metadata", "A test takes Tools and what they need, all of the tenant that is asked for.");
}
