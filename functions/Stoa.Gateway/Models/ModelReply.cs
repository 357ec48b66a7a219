using System.IO.Pipelines;

namespace Stoa.Gateway.Models;

/// <summary>
/// Where a streamed answer goes: the door's body. Nothing may be written before <see cref="Begin"/>, which sends the head and can happen
/// once; from then on the status cannot change any more. An answer that is not streamed does not use it: the door writes that by itself.
/// </summary>
/// <param name="begin">Sets status and headers of an event stream; called by <see cref="Begin"/>.</param>
internal sealed class ModelReply(PipeWriter body, Action begin)
{
    public bool HasBegun { get; private set; }

    public PipeWriter Begin()
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("A reply begins once.");
        }

        HasBegun = true;
        begin();
        return body;
    }
}
