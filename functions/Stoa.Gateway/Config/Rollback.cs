using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Config;

/// <summary>
/// What a rollback puts in force. Rollback restores capability, it never restores access: it is used in haste, when a change broke
/// something, and must not hand a door key back to whoever was locked out since. So the Tenant and its Consumers, with their scopes, roles
/// and suspensions, stay as they are now, and so do plans and subscriptions, and quota policies, which it must not loosen; a policy that is
/// gone comes back, since what is restored may name it. Everything else is as it was.
/// </summary>
internal static class Rollback
{
    private const string Limit = "QuotaPolicy";

    private static readonly string[] AccessKinds = ["Tenant", "Consumer", "Plan", "Subscription", Limit];

    public static IReadOnlyList<Resource> Restore(Revision old, Revision now, DateTimeOffset at) =>
    [
        .. now.Resources.Where(GrantsAccess)
            .Concat(old.Resources.Where(r => !GrantsAccess(r) || IsMissingLimit(r, now)).Select(r => Restored(r, now.Find(r.Kind, r.Name), at)))
            .OrderBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal),
    ];

    private static bool GrantsAccess(Resource resource) => AccessKinds.Contains(resource.Kind);

    private static bool IsMissingLimit(Resource resource, Revision now) => resource.Kind == Limit && now.Find(resource.Kind, resource.Name) is null;

    private static Resource Restored(Resource old, Resource? now, DateTimeOffset at) => old.Version == now?.Version ? now : old with { UpdatedAt = at };
}
