using System.Runtime.CompilerServices;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>The provider's end of a relay. Disposing it ends the provider's stream, if need be with the connection.</summary>
internal sealed class RelaySource(HttpResponseMessage response, RelayWatch watch) : IDisposable
{
    private static readonly TimeSpan ClosingTime = TimeSpan.FromMilliseconds(250);

    private Stream _body = Stream.Null;

    public EventReader Events { get; } = new();

    public ContentKind Content { get; } =
        new(response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null);

    /// <summary>Bytes read into <see cref="Events"/>; 0 at the end, -1 when it broke or had to stop.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync()
    {
        try
        {
            if (_body == Stream.Null)
            {
                _body = await response.Content.ReadAsStreamAsync(watch.Token);
            }

            var pending = _body.ReadAsync(Events.Room(), watch.Token);
            int read;
            if (pending.IsCompleted)
            {
                read = await pending;
            }
            else
            {
                watch.BeginRead();
                try
                {
                    read = await pending;
                }
                finally
                {
                    await watch.EndRead();
                }
            }

            Events.Fill(read);
            return read;
        }
        catch (Exception e) when (EgressFailure.Explains(e))
        {
            return -1;
        }
    }

    /// <summary>Reads the end of the HTTP message, so that the connection can serve the next call; what else is there is not looked at.</summary>
    public async ValueTask CloseAsync()
    {
        watch.Limit(ClosingTime, StopCause.Closing);
        for (var reads = 0; reads < 8; reads++)
        {
            try
            {
                if (await _body.ReadAsync(Events.Room(), watch.Token) == 0)
                {
                    return;
                }
            }
            catch (Exception e) when (EgressFailure.Explains(e))
            {
                return;
            }
        }
    }

    /// <summary>The provider is to stop at once.</summary>
    public void Abort() => response.Dispose();

    public void Dispose()
    {
        response.Dispose();
        Events.Dispose();
    }
}
