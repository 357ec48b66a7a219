using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools;

/// <summary>The terminal of a tool call: opens the tool's credential, sends the request through guarded egress, reads the answer.</summary>
internal sealed class ToolCaller(EgressClient egress, SecretVault secrets, TimeProvider time, ILogger<ToolCaller> log)
{
    public async ValueTask<Answer> CallAsync(Call call, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        if (await CredentialOfAsync(tool, ct) is not { } credential)
        {
            return Answer.Error("The credential of this tool cannot be used. The tenant's administrator has to apply its Secret again.");
        }

        using var request = ToolRequest.Build(tool, call.Arguments, credential, out var fault);
        if (request is null)
        {
            return Answer.Error(fault);
        }

        var limits = new EgressLimits(tool.Spec.Timeout, (int)tool.Spec.MaxResponseBytes);
        var sent = await egress.SendAsync(request, limits, ct);
        return sent.IsAnswer ? ToolAnswer.From(tool, sent.Value, time.GetUtcNow()) : Answer.Error(sent.Failure.Text);
    }

    /// <summary>Null when a part of the credential is missing or cannot stand in a header.</summary>
    private async ValueTask<ToolCredential?> CredentialOfAsync(Tool tool, CancellationToken ct)
    {
        switch (tool.Spec.Auth)
        {
            case { Type: ToolAuthType.None }:
                return ToolCredential.None;

            case { Bearer: { } bearer }:
                return await OpenAsync(tool, bearer.SecretRef, ct) is { } token ? ToolCredential.Header("Authorization", "Bearer " + token.Reveal()) : null;

            case { Basic: { } basic }:
                var user = basic.UsernameRef is null ? new Secret(basic.Username!) : await OpenAsync(tool, basic.UsernameRef, ct);
                var password = await OpenAsync(tool, basic.PasswordRef, ct);
                return user is null || password is null ? null : ToolCredential.Basic(user.Reveal(), password);

            case { ApiKey: { } key }:
                return await OpenAsync(tool, key.SecretRef, ct) is not { } value ? null : key.In switch
                {
                    ApiKeyPlace.Query => ToolCredential.InQuery(key.Name, value),
                    ApiKeyPlace.Cookie => ToolCredential.Header("Cookie", $"{key.Name}={value.Reveal()}"),
                    _ => ToolCredential.Header(key.Name, value.Reveal()),
                };

            default:
                return null;
        }
    }

    private async ValueTask<Secret?> OpenAsync(Tool tool, SecretRef reference, CancellationToken ct)
    {
        try
        {
            var secret = await secrets.OpenAsync(tool.Revision, reference.Name, reference.Key, ct);
            return secret is null || secret.Reveal().AsSpan().ContainsAny('\r', '\n', '\0') ? null : secret;
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            ToolLog.SecretUnusable(log, tool.Revision.Tenant, tool.Name, reference.Name, reference.Key, e);
            return null;
        }
    }
}

internal static partial class ToolLog
{
    [LoggerMessage(6001, LogLevel.Error, "Tool {Tool} of {Tenant} cannot use key {Key} of Secret {Secret}.")]
    public static partial void SecretUnusable(ILogger logger, TenantId tenant, string tool, string secret, string key, Exception exception);
}
