using Microsoft.Extensions.Logging;

namespace Stoa.Gateway.Egress;

/// <summary>Log events 3xxx. Hosts are as configured; paths and queries are never logged, since they may carry secrets.</summary>
internal static partial class EgressLog
{
    [LoggerMessage(3001, LogLevel.Warning, "A call to {Host}:{Port} was refused: its address is not one that tenants may reach.")]
    public static partial void Forbidden(ILogger logger, string host, int port);

    [LoggerMessage(3002, LogLevel.Debug, "A call to {Host}:{Port} ended as {Fault}: {Detail}")]
    public static partial void Failed(ILogger logger, string host, int port, EgressFault fault, string detail);

    [LoggerMessage(3003, LogLevel.Information, "Tenants' tools may call services on this machine (loopback). Meant for embedded mode only.")]
    public static partial void LoopbackIsOpen(ILogger logger);
}
