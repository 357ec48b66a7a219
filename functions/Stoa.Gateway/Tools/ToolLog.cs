using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools;

/// <summary>Log events 6xxx. Secrets are named, never shown; of an upstream nothing but its host.</summary>
internal static partial class ToolLog
{
    [LoggerMessage(6001, LogLevel.Error, "Tool {Tool} of {Tenant} cannot use key {Key} of Secret {Secret}.")]
    public static partial void SecretUnusable(ILogger logger, TenantId tenant, string tool, string secret, string key, Exception exception);

    [LoggerMessage(6002, LogLevel.Warning, "{Tenant} got no access token from {Host}: {Reason}")]
    public static partial void NoToken(ILogger logger, TenantId tenant, string host, string reason);

    [LoggerMessage(6003, LogLevel.Warning, "The endpoint of tool {Tool} of {Tenant} keeps failing and is left alone for {Seconds} s. {Reason}")]
    public static partial void CircuitOpened(ILogger logger, TenantId tenant, string tool, double seconds, string reason);
}
