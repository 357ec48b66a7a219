using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Tools;

/// <summary>Sends a tool's request with the tool's own credential and brings back the endpoint's answer.</summary>
internal sealed class ToolUpstream(EgressClient egress, ToolCredentials credentials)
{
    public async ValueTask<UpstreamResult> SendAsync(ToolRequest request, CancellationToken ct)
    {
        if (await OpenAsync(request, ct) is not { } credential)
        {
            return new(null, "The credential of this tool cannot be used. The tenant's administrator has to apply its Secret again.");
        }

        using var message = request.Build(credential, out var fault);
        if (message is null)
        {
            return new(null, fault);
        }

        if (request.Trial is { } trial && !await trial.BeginAsync(message, credential, ct))
        {
            var sample = trial.TakeSample();
            trial.End(sample);
            return new(sample, "Nothing was sent.");
        }

        var limits = new EgressLimits(request.Tool.Spec.Timeout, (int)request.Tool.Spec.MaxResponseBytes);
        var sent = await egress.SendAsync(message, limits, ct);
        request.Trial?.End(sent.Value);
        return sent.IsAnswer ? new(sent.Value, "") : new(null, sent.Failure.Text);
    }

    private async ValueTask<ToolCredential?> OpenAsync(ToolRequest request, CancellationToken ct) =>
        request.Trial is { Sends: false } ? PlaceholderCredential.Of(request.Tool.Spec.Auth) : await credentials.OpenAsync(request.Tool, ct);
}

/// <summary>An endpoint's answer, whatever its status, to be disposed by whoever takes it; or null and a sentence fit for an agent.</summary>
internal readonly record struct UpstreamResult(EgressReply? Reply, string Fault);
