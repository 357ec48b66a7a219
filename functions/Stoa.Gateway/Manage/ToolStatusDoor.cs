using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Manage;

/// <summary><c>GET /manage/v1/tools/{name}/status</c>: the status alone, cheap enough to poll.</summary>
internal sealed class ToolStatusDoor(ManageAccess access, StatusReader statuses)
{
    public async Task GetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        var name = (string)http.Request.RouteValues["name"]!;
        if (revision.Find(ToolKind.Schema.Kind, name) is not { } tool)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no Tool '{ManageAccess.Shown(name)}'."));
            return;
        }

        var status = await statuses.ReadAsync(revision.Tenant, [tool], http.RequestAborted);
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        StatusReport.Write(json, tool, status[name]);
    }
}
