using System.Net;
using System.Net.Sockets;

namespace Stoa.Gateway.Egress;

/// <summary>
/// Opens the TCP connections of <see cref="EgressClient"/>: looks the name up once, judges every address, and connects to those very
/// addresses, so that no second look-up can lead elsewhere (DNS rebinding).
/// </summary>
internal sealed class EgressConnector(
    AddressRules rules, Func<string, CancellationToken, ValueTask<IPAddress[]>> resolve, TimeSpan timeout, TimeProvider time)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var target = context.DnsEndPoint;
        var started = time.GetTimestamp();
        var addresses = await ResolveAsync(target.Host, ct);
        SocketException? last = null;
        for (var i = 0; i < addresses.Length; i++)
        {
            // An address that swallows packets must leave time for the next one.
            var share = (timeout - time.GetElapsedTime(started)) / (addresses.Length - i);
            try
            {
                return await ConnectAsync(addresses[i], target.Port, share, ct);
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw new EgressConnectException(
            EgressFault.ConnectFailed,
            $"{target.Host}:{target.Port} has {addresses.Length} address(es), none connected; the last said {last?.SocketErrorCode}.",
            last);
    }

    private async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await LookUpAsync(host, ct);
        if (addresses.Length == 0)
        {
            throw new EgressConnectException(EgressFault.NameNotResolved, $"{host} has no address.");
        }

        // One bad address spoils the name: whoever answers for it also points inward, and not by accident.
        foreach (var address in addresses)
        {
            if (!rules.Allows(address))
            {
                throw new EgressConnectException(
                    EgressFault.AddressForbidden, $"{host} leads to {address} ({AddressRules.Classify(address)}).");
            }
        }

        return addresses;
    }

    private async ValueTask<IPAddress[]> LookUpAsync(string host, CancellationToken ct)
    {
        try
        {
            return await resolve(host, ct);
        }
        catch (SocketException e)
        {
            throw new EgressConnectException(EgressFault.NameNotResolved, $"{host} was not resolved: {e.SocketErrorCode}.", e);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress address, int port, TimeSpan share, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(share > TimeSpan.Zero ? share : TimeSpan.Zero);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connected = false;
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), patience.Token);
            connected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
        finally
        {
            if (!connected)
            {
                socket.Dispose();
            }
        }
    }
}
