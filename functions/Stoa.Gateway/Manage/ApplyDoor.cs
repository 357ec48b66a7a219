using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.OpenApi;

namespace Stoa.Gateway.Manage;

/// <summary>Resources in: <c>POST /manage/v1/apply</c>, and ToolSets again, for real or as a dry run.</summary>
internal sealed class ApplyDoor(ManageAccess access, Applier applier, ILogger<ApplyDoor> log)
{
    /// <summary>Bytes of one apply.</summary>
    public const int MaxBody = 16 * 1024 * 1024;

    public async Task ApplyAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller)
        {
            return;
        }

        if (ModeOf(http.Request.Query) is not { } mode)
        {
            await RefusalReply.WriteAsync(http, Unclear);
            return;
        }

        TenantId? defaultTenant = null;
        if ((string?)http.Request.Query["namespace"] is { } named)
        {
            if (!TenantId.TryParse(named, out var tenant) || !ManageAccess.Owns(caller, tenant))
            {
                await RefusalReply.WriteAsync(http, ManageAccess.NoTenant(named));
                return;
            }

            defaultTenant = tenant;
        }

        var (content, refusal) = await RequestBody.ReadAsync(http.Request, MaxBody, "Apply in parts.", http.RequestAborted);
        using var body = content;
        if (body is null)
        {
            await RefusalReply.WriteAsync(http, refusal!);
            return;
        }

        await AnswerAsync(http, caller, defaultTenant, body.Bytes, mode);
    }

    /// <summary>Reads a ToolSet's source again: the stored document is applied as it is, and refused if it changes meanwhile.</summary>
    public async Task SyncAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller)
        {
            return;
        }

        if (ModeOf(http.Request.Query) is not { } mode)
        {
            await RefusalReply.WriteAsync(http, Unclear);
            return;
        }

        if (await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        var name = (string)http.Request.RouteValues["name"]!;
        if (revision.Find(ToolSetKind.Schema.Kind, name) is not { } set)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no ToolSet '{ManageAccess.Shown(name)}'."));
            return;
        }

        await AnswerAsync(http, caller, revision.Tenant, ResourceJson.Bytes(revision.Tenant, set), mode);
    }

    private async Task AnswerAsync(HttpContext http, Caller caller, TenantId? defaultTenant, ReadOnlyMemory<byte> documents, ApplyMode mode)
    {
        var report = await applier.ApplyAsync(caller, defaultTenant, documents, mode, http.RequestAborted);
        var applied = report.Results.Count(r => r.Status is "created" or "updated" or "unchanged");
        foreach (var result in report.Results)
        {
            ManageAccess.Note(http, new Change(report.DryRun ? "dry-run" : result.Status, result.Kind ?? "?", result.Name ?? "?", result.Namespace, result.Version));
        }

        ManageLog.Applied(log, caller.Name, caller.CredentialId, applied, report.Results.Count - applied, report.DryRun);

        // 207: some documents were applied and some were not, and the body says which.
        var status = applied == report.Results.Count ? StatusCodes.Status200OK : applied == 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status207MultiStatus;
        await HttpReply.WriteAsync(http, status, report, ManageJson.Default.ApplyReport);
    }

    private static Refusal Unclear => new(RefusalKind.MalformedRequest, "dryRun must be true, false or compare.");

    // Anything but a clear answer might be meant as a dry run.
    private static ApplyMode? ModeOf(IQueryCollection query) => (string?)query["dryRun"] switch
    {
        null or "false" => ApplyMode.Commit,
        "true" => ApplyMode.DryRun,
        "compare" => ApplyMode.Compare,
        _ => null,
    };
}
