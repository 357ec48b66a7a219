using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models;

/// <summary>Log events 7xxx. Nothing of prompts, answers or providers' texts; secrets are not even named.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(7001, LogLevel.Warning, "The credential of LlmProvider {Provider} of {Tenant} is missing or is no header value.")]
    public static partial void CredentialMissing(ILogger logger, TenantId tenant, string provider);

    [LoggerMessage(7002, LogLevel.Error, "The credential of LlmProvider {Provider} of {Tenant} cannot be opened.")]
    public static partial void CredentialUnusable(ILogger logger, TenantId tenant, string provider, Exception exception);

    [LoggerMessage(7003, LogLevel.Warning, "LlmProvider {Provider} of {Tenant} refuses the gateway's credential (status {Status}).")]
    public static partial void CredentialRefused(ILogger logger, TenantId tenant, string provider, int status);

    [LoggerMessage(7004, LogLevel.Warning, "Model {Model} at LlmProvider {Provider} of {Tenant} keeps failing ({Kind}) and is left alone for {Seconds} s.")]
    public static partial void CircuitOpened(ILogger logger, TenantId tenant, string provider, string model, ModelFailureKind kind, double seconds);
}
