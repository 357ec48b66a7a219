using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>Resources in: <c>POST /manage/v1/apply</c>, for real or as a dry run.</summary>
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
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, "dryRun must be true, false or compare."));
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

        using var body = await RequestBody.ReadAsync(http.Request, MaxBody, http.RequestAborted);
        if (body is null)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.BodyTooLarge, $"The body exceeds {MaxBody} bytes. Apply in parts."));
            return;
        }

        var report = await applier.ApplyAsync(caller, defaultTenant, body.Bytes, mode, http.RequestAborted);
        var applied = report.Results.Count(r => r.Status is "created" or "updated" or "unchanged");
        ManageLog.Applied(log, caller.Name, caller.CredentialId, applied, report.Results.Count - applied, report.DryRun);

        // 207: some documents were applied and some were not, and the body says which.
        var status = applied == report.Results.Count ? StatusCodes.Status200OK : applied == 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status207MultiStatus;
        await HttpReply.WriteAsync(http, status, report, ManageJson.Default.ApplyReport);
    }

    // Anything but a clear answer might be meant as a dry run.
    private static ApplyMode? ModeOf(IQueryCollection query) => (string?)query["dryRun"] switch
    {
        null or "false" => ApplyMode.Commit,
        "true" => ApplyMode.DryRun,
        "compare" => ApplyMode.Compare,
        _ => null,
    };
}
