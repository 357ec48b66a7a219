using System.Collections.Frozen;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>A revision as this slice reads it: the tenant itself and its consumers by name.</summary>
internal sealed class TenantView(TenantSpec tenant, FrozenDictionary<string, (string Uid, ConsumerSpec Spec)> consumers)
{
    private static readonly RevisionView<TenantView> View = new(Build);

    public TenantSpec Tenant => tenant;

    public IEnumerable<(string Name, ConsumerSpec Spec)> Consumers => consumers.Select(c => (c.Key, c.Value.Spec));

    public static TenantView Of(Revision revision) => revision.View(View);

    public ConsumerSpec? FindConsumer(string name, string uid) =>
        consumers.TryGetValue(name, out var consumer) && consumer.Uid == uid ? consumer.Spec : null;

    private static TenantView Build(Revision revision) => new(
        revision.Find(TenantKind.Schema.Kind, revision.Tenant.ToString()) is { } tenant
            ? JsonSerializer.Deserialize(tenant.Spec.Span, TenantJson.Default.TenantSpec)!
            : throw new InvalidDataException($"Revision {revision.Number} of '{revision.Tenant}' holds no Tenant."),
        revision.Resources.Where(r => r.Kind == ConsumerKind.Schema.Kind).ToFrozenDictionary(
            r => r.Name,
            r => (r.Uid, JsonSerializer.Deserialize(r.Spec.Span, TenantJson.Default.ConsumerSpec)!)));
}
