using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>Who may do what on the management API: a role says what is seen, the scope <c>stoa:admin</c> what may be changed.</summary>
internal sealed class ManageAccess(Entrance entrance, ConfigStore config)
{
    /// <summary>The caller when it may read (or change) at all; otherwise the refusal has been written and the answer is null.</summary>
    public async ValueTask<Caller?> EnterAsync(HttpContext http, bool toChange)
    {
        var (caller, refusal) = await entrance.EnterAsync(http, urlTenant: null);
        refusal ??= Check(caller!, toChange);
        if (refusal is null)
        {
            return caller;
        }

        await RefusalReply.WriteAsync(http, refusal);
        return null;
    }

    /// <summary>The caller when it may do so in this tenant. A tenant that is not the caller's does not exist for it.</summary>
    public async ValueTask<(Caller Caller, TenantId Tenant)?> EnterAsync(HttpContext http, string tenant, bool toChange)
    {
        if (await EnterAsync(http, toChange) is not { } caller)
        {
            return null;
        }

        if (TenantId.TryParse(tenant, out var id) && Owns(caller, id))
        {
            return (caller, id);
        }

        await RefusalReply.WriteAsync(http, NoTenant(tenant));
        return null;
    }

    /// <summary>The revision in force as storage has it now: management reads what it has just written, on whatever instance.</summary>
    public async ValueTask<Revision?> CurrentAsync(HttpContext http, Caller caller, string? tenantName = null)
    {
        var named = tenantName ?? (string?)http.Request.Query["namespace"] ?? caller.Revision?.Tenant.ToString();
        if (named is null)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, "Name the tenant: add ?namespace=<tenant>."));
            return null;
        }

        var revision = TenantId.TryParse(named, out var tenant) && Owns(caller, tenant) ? await config.LoadCurrentAsync(tenant, http.RequestAborted) : null;
        if (revision is null || !Owns(caller, revision))
        {
            await RefusalReply.WriteAsync(http, NoTenant(named));
            return null;
        }

        return revision;
    }

    public static bool Owns(Caller caller, TenantId tenant) => caller.Role is Role.PlatformAdmin || (caller.Revision is { } revision && revision.Tenant == tenant);

    /// <summary>The same against what is in force now: a slug that was given to somebody else since is another tenant.</summary>
    public static bool Owns(Caller caller, Revision current) => caller.Role is Role.PlatformAdmin || caller.Revision?.Uid == current.Uid;

    public static Refusal NoTenant(string tenant) => new(RefusalKind.NotFound, $"There is no tenant '{Shown(tenant)}'.");

    /// <summary>A name from a URL as it may be repeated in an answer.</summary>
    public static string Shown(string name) => JsonText.Shorten(name, 100);

    /// <summary>Why the caller may not read (or change), wherever it is; null when it may.</summary>
    public static Refusal? Check(Caller caller, bool toChange)
    {
        if (caller.Role < (toChange ? Role.TenantAdmin : Role.Viewer))
        {
            return new(RefusalKind.RoleRequired, $"This key has no management role for that. A Consumer with role {(toChange ? "tenant-admin" : "viewer or tenant-admin")} may, or an administrator.");
        }

        var needed = toChange ? Scopes.Admin : Scopes.Read;
        return caller.Has(needed)
            ? null
            : new(RefusalKind.InsufficientScope, $"This needs the scope {ScopeNames.NameOf(needed)}.") { RequiredScope = needed };
    }
}
