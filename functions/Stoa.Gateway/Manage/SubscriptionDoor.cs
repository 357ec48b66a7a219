using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>POST /manage/v1/subscriptions/{name}/approve|suspend|resume|revoke</c>, with <c>{"reason"}</c> if there is one: the stored document
/// with another state is applied, and refused if it changes meanwhile.
/// </summary>
internal sealed class SubscriptionDoor(ManageAccess access, Applier applier, TimeProvider time, ILogger<SubscriptionDoor> log)
{
    public Task ApproveAsync(HttpContext http) => MoveAsync(http, SubscriptionState.Pending, SubscriptionState.Active);

    public Task SuspendAsync(HttpContext http) => MoveAsync(http, SubscriptionState.Active, SubscriptionState.Suspended);

    public Task ResumeAsync(HttpContext http) => MoveAsync(http, SubscriptionState.Suspended, SubscriptionState.Active);

    /// <summary>Also how a pending one is rejected.</summary>
    public Task RevokeAsync(HttpContext http) => MoveAsync(http, from: null, SubscriptionState.Revoked);

    /// <param name="from">The state that it must be in; null: any from which it may get there.</param>
    private async Task MoveAsync(HttpContext http, SubscriptionState? from, SubscriptionState to)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller
            || await ManageBody.ReadAsync(http, ManageJson.Default.SubscriptionMove, new SubscriptionMove(null)) is not { } move
            || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        var name = (string)http.Request.RouteValues["name"]!;
        if (revision.Find(SubscriptionKind.Schema.Kind, name) is not { } resource)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no Subscription '{ManageAccess.Shown(name)}'."));
            return;
        }

        var spec = SubscriptionSpec.Of(resource.Spec);
        var state = spec.StateAt(time.GetUtcNow());
        if (state != to && (state != (from ?? state) || !SubscriptionStates.MayBecome(state, to)))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.Conflict, $"The Subscription '{ManageAccess.Shown(name)}' is {SubscriptionStates.NameOf(state)}, so this cannot be done."));
            return;
        }

        // Done twice is done once.
        var next = resource with { Spec = state == to ? resource.Spec : (spec with { State = to, Reason = move.Reason }).ToJson() };
        var report = await applier.ApplyAsync(caller, revision.Tenant, ResourceJson.Bytes(revision.Tenant, next), ApplyMode.Commit, http.RequestAborted);
        if (report.Results is not [{ Faults: null }])
        {
            var fault = report.Results[0].Faults![0];
            await RefusalReply.WriteAsync(http, new(report.Results[0].Status is "invalid" ? RefusalKind.InvalidResource : RefusalKind.Conflict, $"{fault.Path}: {fault.Reason}"));
            return;
        }

        ManageAccess.Note(http, new Change(SubscriptionStates.NameOf(to), SubscriptionKind.Schema.Kind, name, revision.Tenant.ToString()));
        ManageLog.SubscriptionMoved(log, caller.Name, caller.CredentialId, revision.Tenant, name, SubscriptionStates.NameOf(to));
        if (await access.CurrentAsync(http, caller, revision.Tenant.ToString()) is { } current && current.Find(SubscriptionKind.Schema.Kind, name) is { } stored)
        {
            await ResourceJson.WriteAsync(http, current.Tenant, stored, new Dictionary<string, ToolStatus>());
        }
    }
}

/// <summary>The body of a change of state.</summary>
internal sealed record SubscriptionMove(string? Reason);
