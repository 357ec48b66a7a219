using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Manage;

/// <summary>
/// Deletes a resource. What others refer to stays until they let go. A consumer's keys die with it, since each names its incarnation;
/// they are marked revoked as well. A ToolSet takes its tools along.
/// </summary>
internal sealed class Removal(ConfigStore config, ApiKeyStore keys)
{
    /// <summary>Null when it is gone, else why not.</summary>
    public async ValueTask<Refusal?> RunAsync(Revision seen, KindSchema kind, string name, EntityTags? ifMatch, string by, CancellationToken ct)
    {
        Refusal? refusal = Check(seen, kind, name, ifMatch);
        if (refusal is not null)
        {
            return refusal;
        }

        if (kind.IsTenant)
        {
            return await config.DeleteAsync(seen.Tenant, by, ct) ? null : ManageAccess.NoTenant(name);
        }

        await config.CommitAsync(
            seen.Tenant,
            current =>
            {
                refusal = current?.Uid != seen.Uid ? ManageAccess.NoTenant(seen.Tenant.ToString()) : Check(current!, kind, name, ifMatch);
                return refusal is null ? new ChangeSet($"Deleted {kind.Kind} {name}", [], [(kind.Kind, name), .. ToolsOf(current!, kind, name)]) : ChangeSet.None;
            },
            by,
            ct);

        // Afterwards: a refused removal must not have cost the consumer its keys, and without its consumer a key is dead already.
        if (refusal is null && kind.Kind == ConsumerKind.Schema.Kind)
        {
            await keys.RevokeAllAsync(seen.Tenant.ToString(), seen.Find(kind.Kind, name)!.Uid, ct);
        }

        return refusal;
    }

    private static Refusal? Check(Revision revision, KindSchema kind, string name, EntityTags? ifMatch)
    {
        if (revision.Find(kind.Kind, name) is not { } resource)
        {
            return new(RefusalKind.NotFound, $"There is no {kind.Kind} '{ManageAccess.Shown(name)}'.");
        }

        if (ifMatch?.Name(resource.Version) is false)
        {
            return new(RefusalKind.VersionMismatch, $"The stored {kind.Kind} has version {resource.Version}, not the one in If-Match.");
        }

        if (ToolSetMembership.SetOf(resource) is { } set)
        {
            return new(RefusalKind.Conflict, $"The Tool '{name}' was made by the ToolSet '{set}'. Filter its operation out there, or delete the ToolSet.");
        }

        var users = kind.Kind == SecretKind.Schema.Kind ? UsersOf(revision, name)
            : kind.Kind == LlmProviderKind.Schema.Kind ? LlmRouteAdmission.UsersOf(name, revision)
            : QuotaReferences.UsersOf(kind.Kind, name, revision);
        return users.Count == 0
            ? null
            : new(RefusalKind.Conflict, $"The {kind.Kind} '{name}' is in use by {string.Join(", ", users.Take(5))}{(users.Count > 5 ? $" and {users.Count - 5} more" : "")}. Change or delete those first.");
    }

    private static IEnumerable<(string Kind, string Name)> ToolsOf(Revision revision, KindSchema kind, string name) => kind.Kind == ToolSetKind.Schema.Kind
        ? ToolSetMembership.ToolsOf(name, revision.Resources).Select(t => (t.Kind, t.Name))
        : [];

    private static List<string> UsersOf(Revision revision, string secret) =>
        [.. SecretUses.In(revision.Resources).Where(use => use.Secret.Name == secret).Select(use => use.User).Distinct()];
}
