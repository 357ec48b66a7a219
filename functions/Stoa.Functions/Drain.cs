using Stoa.Gateway;

namespace Stoa.Functions;

/// <summary>Ends the gateway in order: the web server, started last, has stopped before this does, so no call is under way.</summary>
internal sealed class Drain(GatewayApp gateway) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => gateway.DrainAsync(cancellationToken);
}
