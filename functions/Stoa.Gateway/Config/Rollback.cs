using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Config;

/// <summary>
/// What a rollback puts in force. Rollback restores capability, it never restores access: it is used in haste, when a change broke
/// something, and must not hand a door key back to whoever was locked out since. So the Tenant and its Consumers, with their scopes, roles
/// and suspensions, stay as they are now, and so do plans and subscriptions, and quota policies, which it must not loosen; a policy that is
/// gone comes back, since what is restored may name it. The same goes for providers that are lent the gateway's own identity. Everything else is as it was.
/// </summary>
internal static class Rollback
{
    private const string Limit = "QuotaPolicy";

    private static readonly string[] AccessKinds = ["Tenant", "Consumer", "Plan", "Subscription", Limit];

    /// <summary>A provider that is lent the gateway's own identity: what only the platform may grant, a tenant's rollback must not.</summary>
    private const string Lent = "LlmProvider";

    public static IReadOnlyList<Resource> Restore(Revision old, Revision now, DateTimeOffset at)
    {
        var kept = now.Resources.Where(GrantsAccess).ToArray();
        var names = kept.Select(r => (r.Kind, r.Name)).ToHashSet();
        return
        [
            .. kept.Concat(old.Resources.Where(r => (!GrantsAccess(r) && !names.Contains((r.Kind, r.Name))) || IsMissingLimit(r, now)).Select(r => Restored(r, now.Find(r.Kind, r.Name), at)))
                .OrderBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal),
        ];
    }

    private static bool GrantsAccess(Resource resource) => AccessKinds.Contains(resource.Kind) || (resource.Kind == Lent && IsLent(resource));

    private static bool IsLent(Resource provider)
    {
        var spec = JsonElement.Parse(provider.Spec.Span);
        return spec.TryGetProperty("auth", out var auth) && auth.TryGetProperty("managedIdentity", out var lent) && lent.ValueKind is JsonValueKind.True;
    }

    private static bool IsMissingLimit(Resource resource, Revision now) => resource.Kind == Limit && now.Find(resource.Kind, resource.Name) is null;

    private static Resource Restored(Resource old, Resource? now, DateTimeOffset at) => old.Version == now?.Version ? now : old with { UpdatedAt = at };
}
