using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>Sends a tool's request with the tool's own credential and brings back the endpoint's answer.</summary>
internal sealed class ToolUpstream(EgressClient egress, ToolCredentials credentials)
{
    public async ValueTask<UpstreamResult> SendAsync(ToolRequest request, CancellationToken ct)
    {
        if (await credentials.OpenAsync(request.Tool, ct) is not { } credential)
        {
            return new(null, "The credential of this tool cannot be used. The tenant's administrator has to apply its Secret again.");
        }

        using var message = request.Build(credential, out var fault);
        if (message is null)
        {
            return new(null, fault);
        }

        var limits = new EgressLimits(request.Tool.Spec.Timeout, (int)request.Tool.Spec.MaxResponseBytes);
        var sent = await egress.SendAsync(message, limits, ct);
        return sent.IsAnswer ? new(sent.Value, "") : new(null, sent.Failure.Text);
    }
}

/// <summary>An endpoint's answer, whatever its status, to be disposed by whoever takes it; or null and a sentence fit for an agent.</summary>
internal readonly record struct UpstreamResult(EgressReply? Reply, string Fault);
