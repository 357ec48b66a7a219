using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools;

/// <summary>The terminal of a tool call: opens the tool's credential, sends the request through guarded egress, reads the answer.</summary>
internal sealed class ToolCaller(EgressClient egress, SecretVault secrets)
{
    public async ValueTask<Answer> CallAsync(Call call, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        if (await CredentialOfAsync(tool, ct) is not { } credential)
        {
            return Answer.Error("The credential of this tool is not configured. The tenant's administrator has to apply its Secret.");
        }

        using var request = ToolRequest.Build(tool, call.Arguments, credential, out var fault);
        if (request is null)
        {
            return Answer.Error(fault);
        }

        var limits = new EgressLimits(tool.Spec.Timeout, tool.Spec.MaxResponseBytes);
        return ToolAnswer.From(tool, await egress.SendAsync(request, limits, ct));
    }

    private async ValueTask<ToolCredential?> CredentialOfAsync(Tool tool, CancellationToken ct)
    {
        if (tool.Spec.Auth is not { Type: not ToolAuthType.None } auth)
        {
            return ToolCredential.None;
        }

        if (await secrets.OpenAsync(tool.Revision, auth.SecretRef.Name, auth.SecretRef.Key, ct) is not { } secret || secret.Reveal().AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            return null;
        }

        return auth switch
        {
            { Type: ToolAuthType.Bearer } => ToolCredential.Header("Authorization", "Bearer " + secret.Reveal()),
            { Type: ToolAuthType.Basic } => ToolCredential.Basic(auth.Basic!.Username, secret),
            { ApiKey: { In: ApiKeyPlace.Query } key } => ToolCredential.InQuery(key.Name, secret),
            { ApiKey: { In: ApiKeyPlace.Cookie } key } => ToolCredential.Header("Cookie", $"{key.Name}={secret.Reveal()}"),
            _ => ToolCredential.Header(auth.ApiKey!.Name, secret.Reveal()),
        };
    }
}
