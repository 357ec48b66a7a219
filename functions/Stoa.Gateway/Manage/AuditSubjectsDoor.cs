using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>DELETE /manage/v1/audit/subjects/{consumer}</c>: forgets a consumer in a ledger that forgets nothing. Its records stay and prove what they
/// proved, but no content can be linked to them any more. Other instances let go of the key within a minute.
/// </summary>
internal sealed class AuditSubjectsDoor(ManageAccess access, SubjectKeys subjects, ILogger<AuditSubjectsDoor> log)
{
    public async Task EraseAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        var consumer = (string)http.Request.RouteValues["consumer"]!;
        var erased = TextRule.Name.Accepts(consumer) ? await subjects.EraseAsync(revision.Uid, consumer, http.RequestAborted) : 0;
        if (erased == 0)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no audit key of a Consumer '{ManageAccess.Shown(consumer)}'. It has made no call since the last erasure, or never."));
            return;
        }

        ManageAccess.Note(http, new Change("erased", "AuditSubject", consumer, revision.Tenant.ToString()));
        ManageLog.SubjectErased(log, caller.Name, caller.CredentialId, consumer, revision.Tenant, erased);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
