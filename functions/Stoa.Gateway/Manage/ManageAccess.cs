using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>Who may do what on the management API: a role says what is seen, the scope <c>stoa:admin</c> what may be changed.</summary>
internal sealed class ManageAccess(Entrance entrance, ConfigStore config, ChangeAudit audit)
{
    private static readonly string[] TargetParts = ["kinds", "consumer", "name", "id"];

    /// <summary>
    /// The caller when it may read (or change) at all; otherwise the refusal has been written and the answer is null. That a change is
    /// intended is on record when this returns, and <see cref="Note"/> adds what became of it; a reading is when its answer starts.
    /// </summary>
    public async ValueTask<Caller?> EnterAsync(HttpContext http, bool toChange)
    {
        var (caller, refusal) = await entrance.EnterAsync(http, urlTenant: null);
        if (caller is not null && Check(caller, toChange) is { } denied)
        {
            refusal = await audit.RefusedAsync(caller, TenantOf(http), Entrance.OperationOf(http), Entrance.TraceIdOf(http), denied);
        }

        refusal ??= toChange ? await BeginAsync(http, caller!) : Watch(http, caller!);
        if (refusal is null)
        {
            return caller;
        }

        await RefusalReply.WriteAsync(http, refusal);
        return null;
    }

    /// <summary>Puts on record that a change is intended; its outcome follows before the answer starts. Null, or why nothing may be changed.</summary>
    public async ValueTask<Refusal?> BeginAsync(HttpContext http, Caller caller)
    {
        var change = await audit.BeginAsync(caller, TenantOf(http), Entrance.OperationOf(http), TargetOf(http), Entrance.TraceIdOf(http), http.RequestAborted);
        if (change is null)
        {
            return Unrecorded;
        }

        http.Features.Set(change);
        http.Response.OnStarting(() => change.EndAsync(http.Response.StatusCode));
        http.Response.OnCompleted(() => change.EndAsync(0));
        return null;
    }

    // What is read is one record, made once it is known how it ended. One that is not durable in time ends the connection: its answer is on the way.
    private Refusal? Watch(HttpContext http, Caller caller)
    {
        if (!audit.IsOpen)
        {
            return Unrecorded;
        }

        http.Response.OnStarting(async () =>
        {
            if (http.Features.Get<AuditedChange>() is null
                && !await audit.AnsweredAsync(caller, TenantOf(http), Entrance.OperationOf(http), TargetOf(http), Entrance.TraceIdOf(http), http.Response.StatusCode))
            {
                http.Abort();
            }
        });
        return null;
    }

    private static Refusal Unrecorded =>
        new(RefusalKind.AuditUnavailable, "The audit ledger cannot be written, and without a record nothing is changed or shown. Try again.") { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>Adds to the record of this request what it has changed.</summary>
    public static void Note(HttpContext http, Change change) => http.Features.Get<AuditedChange>()?.Made(change);

    // Whose affair it is when an administrator of the platform acts; a name as it may be recorded.
    private static string? TenantOf(HttpContext http) =>
        TenantId.TryParse((string?)http.Request.RouteValues["tenant"] ?? (string?)http.Request.Query["namespace"], out var tenant) ? tenant.ToString() : null;

    private static string? TargetOf(HttpContext http)
    {
        // What a caller typed there may be anything, until it turns out to be something's name.
        var parts = TargetParts.Select(part => http.Request.RouteValues[part] as string).OfType<string>().Select(CallRecord.NameOf).ToArray();
        return parts.Length == 0 || parts.Contains(null) ? null : string.Join('/', parts);
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
