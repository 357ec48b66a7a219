using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Status;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>POST /manage/v1/tools/{name}/test</c>: what a tool sends and makes of the answer, before anybody calls it. Viewers see what would be
/// sent, or what becomes of a sample; those who may change the tenant may also send. No secret is shown, and nothing is stored.
/// </summary>
internal sealed class ToolTrialDoor(
    ManageAccess access, Preview preview, TrialRunner runner, StatusBoard statuses, TimeProvider time, ILogger<ToolTrialDoor> log)
{
    private const int MaxBody = 2 * 1024 * 1024;

    public async Task TestAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller
            || await access.CurrentAsync(http, caller) is not { } current
            || await ManageBody.ReadAsync(http, TrialJson.Default.TrialOrder, new(null, null, null, null), MaxBody) is not { } order)
        {
            return;
        }

        var refusal = order.Complaint() is { } complaint ? new(RefusalKind.MalformedRequest, complaint) : order.Send is true ? ManageAccess.Check(caller, toChange: true) : null;
        var name = (string)http.Request.RouteValues["name"]!;
        var (tool, problem) = refusal is null ? await FindAsync(current, name, order, http.RequestAborted) : (null, refusal);
        if (tool is null)
        {
            await RefusalReply.WriteAsync(http, problem!);
            return;
        }

        var sample = order.Sample();
        var sends = order.Send ?? (sample is null && tool.Hints.ReadOnly && ManageAccess.Check(caller, toChange: true) is null);
        if (sends && await access.BeginAsync(http, caller) is { } unrecorded)
        {
            await RefusalReply.WriteAsync(http, unrecorded);
            return;
        }

        var outcome = await runner.RunAsync(CallOf(http, caller, tool, order), sends, sample, http.RequestAborted);
        ManageLog.Tested(log, caller.Name, caller.CredentialId, tool.Name, current.Tenant, outcome.Trial.Attempts.Count);
        if (order.Document is null && outcome.IsReached is { } isReached)
        {
            statuses.NoteReachable(tool, isReached);
        }

        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        TrialReport.Write(json, tool.Name, outcome);
    }

    /// <summary>The tool as it is, disabled or not, or as the documents would make it.</summary>
    private async ValueTask<(Tool? Tool, Refusal? Refusal)> FindAsync(Revision current, string name, TrialOrder order, CancellationToken ct)
    {
        var revision = current;
        if (order.DocumentBytes() is { } documents)
        {
            (var changed, var faults) = await preview.MakeAsync(current, documents, ct);
            if (changed is null)
            {
                return (null, new(RefusalKind.InvalidResource, "The document cannot be applied as it is.") { Findings = faults });
            }

            revision = changed;
        }

        if (revision.Find(ToolKind.Schema.Kind, name) is { } resource)
        {
            return (ToolCatalog.Read(resource, revision), null);
        }

        var advice = order.Document is null ? "Apply it, or send it as `document`." : "The document names another; test it under its own name.";
        return (null, new(RefusalKind.NotFound, $"There is no Tool '{ManageAccess.Shown(name)}'. {advice}"));
    }

    private Call CallOf(HttpContext http, Caller caller, Tool tool, TrialOrder order)
    {
        var within = new Caller
        {
            Revision = tool.Revision,
            Name = caller.Name,
            CredentialId = caller.CredentialId,
            AuthMethod = caller.AuthMethod,
            Scopes = caller.Scopes,
            Role = caller.Role,
            Tools = caller.Tools,
        };
        return new(within, Operation.CallTool, "manage")
        {
            TargetName = tool.Name,
            Target = tool,
            Arguments = order.Arguments ?? Mcp.McpMethods.NoArguments.RootElement,
            TraceId = Entrance.TraceIdOf(http),
            StartedAt = time.GetTimestamp(),
        };
    }
}
