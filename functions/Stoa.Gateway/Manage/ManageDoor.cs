using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Manage;

/// <summary>The management API: resources out, deletion, history, rollback. Administrators and tenants' own administrators.</summary>
internal sealed class ManageDoor(
    ManageAccess access, KindRegistry kinds, ConfigStore config, ApiKeyStore keys, KeyRing ring, StatusReader statuses, ILogger<ManageDoor> log)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 500;
    private const int MaxStoragePages = 10;

    public async Task ListAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || await FindKindAsync(http) is not { } kind)
        {
            return;
        }

        string? limit = http.Request.Query["limit"];
        var take = limit is null ? DefaultPage : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked is >= 1 and <= MaxPage ? asked : 0;
        if (take == 0 || !TryReadContinue(http.Request.Query["continue"], out var after))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, $"limit must be 1 to {MaxPage}, and continue a value from an earlier page."));
            return;
        }

        if (kind.IsTenant && caller.Role is Role.PlatformAdmin)
        {
            await ListTenantsAsync(http, take, after);
            return;
        }

        if (await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        var page = revision.Resources.Where(r => r.Kind == kind.Kind && string.CompareOrdinal(r.Name, after) > 0).OrderBy(r => r.Name, StringComparer.Ordinal).Take(take + 1).ToArray();
        var next = page.Length > take ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[take - 1].Name)) : null;
        var status = await statuses.ReadAsync(revision.Tenant, page.Take(take), http.RequestAborted);
        await ResourceJson.WriteListAsync(http, [.. page.Take(take).Select(r => (revision.Tenant, r))], next, status);
    }

    public async Task GetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || await FindKindAsync(http) is not { } kind)
        {
            return;
        }

        var name = NameOf(http);
        if (await access.CurrentAsync(http, caller, kind.IsTenant ? name : null) is not { } revision)
        {
            return;
        }

        await (revision.Find(kind.Kind, name) is { } resource
            ? ResourceJson.WriteAsync(http, revision.Tenant, resource, await statuses.ReadAsync(revision.Tenant, [resource], http.RequestAborted))
            : RefusalReply.WriteAsync(http, NoResource(kind, name)));
    }

    public async Task DeleteAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller || await FindKindAsync(http) is not { } kind)
        {
            return;
        }

        var name = NameOf(http);
        if (kind.IsTenant && caller.Role is not Role.PlatformAdmin)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.RoleRequired, "Only an administrator deletes tenants."));
            return;
        }

        if (await access.CurrentAsync(http, caller, kind.IsTenant ? name : null) is not { } revision)
        {
            return;
        }

        var refusal = await new Removal(config, keys).RunAsync(revision, kind, name, EntityTags.Of(http.Request.Headers.IfMatch), caller.Name, http.RequestAborted);
        if (refusal is not null)
        {
            await RefusalReply.WriteAsync(http, refusal);
            return;
        }

        ManageAccess.Note(http, new Change("deleted", kind.Kind, name, revision.Tenant.ToString()));
        ManageLog.Deleted(log, caller.Name, caller.CredentialId, kind.Kind, name, revision.Tenant.ToString());
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task RollbackAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, NameOf(http), toChange: true) is not var (caller, tenant)
            || await ManageBody.ReadAsync(http, ManageJson.Default.RollbackRequest, whenEmpty: null) is not { } request)
        {
            return;
        }

        if (request.Revision is not { } wanted)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, "Name the revision to bring back: {\"revision\": 7}."));
            return;
        }

        if (await access.CurrentAsync(http, caller, tenant.ToString()) is null)
        {
            return;
        }

        if (await config.RollbackAsync(tenant, wanted, caller.Name, http.RequestAborted) is not { } revision)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"Tenant '{tenant}' has no revision {wanted}. GET /manage/v1/tenants/{tenant}/revisions lists them."));
            return;
        }

        ManageAccess.Note(http, new Change("rolled-back", "Revision", $"{wanted}", tenant.ToString(), $"{revision.Number}"));
        ManageLog.RolledBack(log, caller.Name, caller.CredentialId, tenant, wanted, revision.Number);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, new RollbackReport(tenant.ToString(), revision.Number, wanted), ManageJson.Default.RollbackReport);
    }

    public async Task RevisionsAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, NameOf(http), toChange: false) is not var (caller, tenant))
        {
            return;
        }

        var history = await config.HistoryAsync(tenant, before: null, take: MaxPage, http.RequestAborted);
        if (history.Count == 0)
        {
            await RefusalReply.WriteAsync(http, ManageAccess.NoTenant(tenant.ToString()));
            return;
        }

        // Whoever has the slug now need not be who had it before.
        var visible = history.Where(h => caller.Revision is not { } own || h.Uid == own.Uid);
        var report = new RevisionsReport([.. visible.Select(h => new RevisionEntry(h.Number, h.At, h.By, h.Summary, h.RolledBackTo, h.Deleted))]);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, report, ManageJson.Default.RevisionsReport);
    }

    public async Task RotateKeyRingAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller)
        {
            return;
        }

        if (caller.Role is not Role.PlatformAdmin)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.RoleRequired, "Only an administrator rotates the key ring."));
            return;
        }

        await ring.RotateAsync(http.RequestAborted);
        ManageAccess.Note(http, new Change("created", "KeyRing", "key-ring"));
        ManageLog.KeyRingRotated(log, caller.Name, caller.CredentialId);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, new Acknowledged($"A new key was added. It signs from {KeyRing.SettlingTime.TotalMinutes:0} minutes from now; older ones still verify."), ManageJson.Default.Acknowledged);
    }

    // Storage pages hold history too, so they fit no limit: the continuation is a storage page and the last name taken from it.
    private async Task ListTenantsAsync(HttpContext http, int take, string start)
    {
        var (page, after) = start.Split('\n') is [var storagePage, var name] ? (storagePage, name) : ("", "");
        var items = new List<(TenantId Tenant, Resource Resource)>();
        var more = true;
        for (var read = 0; more && read < MaxStoragePages && items.Count < take; read++)
        {
            var found = await config.TenantsAsync(page.Length == 0 ? null : page, http.RequestAborted);
            var rest = found.Tenants.Where(t => string.CompareOrdinal(t.ToString(), after) > 0).ToArray();
            foreach (var tenant in rest.Take(take - items.Count))
            {
                after = tenant.ToString();
                if (await config.LoadCurrentAsync(tenant, http.RequestAborted) is { } revision && revision.Find(TenantKind.Schema.Kind, after) is { } resource)
                {
                    items.Add((tenant, resource));
                }
            }

            var isDone = rest.Length == 0 || after == rest[^1].ToString();
            more = !isDone || found.Continuation is not null;
            page = isDone ? found.Continuation ?? "" : page;
        }

        var none = new Dictionary<string, ToolStatus>();
        await ResourceJson.WriteListAsync(http, items, more ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{page}\n{after}")) : null, none);
    }

    private async ValueTask<KindSchema?> FindKindAsync(HttpContext http)
    {
        var plural = (string)http.Request.RouteValues["kinds"]!;
        var kind = kinds.FindPlural(plural);
        if (kind is null)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no kind '{ManageAccess.Shown(plural)}'. Known: {string.Join(", ", kinds.All.Select(k => k.Plural))}."));
        }

        return kind;
    }

    private static bool TryReadContinue(string? text, out string after)
    {
        after = "";
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Length > 2048 || !Base64Url.IsValid(text))
        {
            return false;
        }

        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return true;
    }

    private static string NameOf(HttpContext http) => (string)http.Request.RouteValues["name"]!;

    private static Refusal NoResource(KindSchema kind, string name) => new(RefusalKind.NotFound, $"There is no {kind.Kind} '{ManageAccess.Shown(name)}'.");
}
