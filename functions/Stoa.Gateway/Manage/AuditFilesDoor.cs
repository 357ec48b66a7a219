using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary><c>/manage/v1/audit/files</c>: the ledger's files, for administrators of the platform, who verify them elsewhere.</summary>
internal sealed class AuditFilesDoor(ManageAccess access, AuditFiles files)
{
    public async Task ListAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || !await AuditDoor.IsPlatformAsync(http, caller))
        {
            return;
        }

        string? folder = http.Request.Query["folder"];
        if (folder is null || !AuditFiles.Folders.Contains(folder))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, $"folder must be one of {string.Join(", ", AuditFiles.Folders)}; besides there is the file registry.jsonl."));
            return;
        }

        var page = await files.ListAsync(folder, http.Request.Query["continue"], http.RequestAborted);
        var report = new AuditFilesReport([.. page.Entries.Select(e => new AuditFile(e.Name, e.Length))], page.Continuation);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, report, ManageJson.Default.AuditFilesReport);
    }

    /// <summary>At most 4 MiB from byte <c>from</c> on; nothing at the file's end.</summary>
    public async Task GetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || !await AuditDoor.IsPlatformAsync(http, caller))
        {
            return;
        }

        string? text = http.Request.Query["from"];
        var from = 0L;
        var isNumber = text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out from);
        var bytes = isNumber ? await files.ReadAsync((string?)http.Request.RouteValues["name"] ?? "", from, http.RequestAborted) : null;
        if (bytes is not { } content)
        {
            await RefusalReply.WriteAsync(http, isNumber ? new(RefusalKind.NotFound, "The ledger has no such file.") : new(RefusalKind.MalformedRequest, "from must be a number of bytes."));
            return;
        }

        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = content.Length;
        await http.Response.BodyWriter.WriteAsync(content, http.RequestAborted);
    }
}

/// <summary>Answer of the list of files.</summary>
internal sealed record AuditFilesReport(IReadOnlyList<AuditFile> Files, string? Continue);

internal sealed record AuditFile(string Name, long Length);
