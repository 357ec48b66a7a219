namespace Stoa.Gateway.Models.Streaming;

/// <summary>One event of a stream; its spans are good until the reader is given more bytes or asked for the next event.</summary>
internal readonly ref struct StreamEvent
{
    /// <summary>Exactly as it came, comments before it and the blank line after it included.</summary>
    public required ReadOnlySpan<byte> Raw { get; init; }

    /// <summary>The <c>event</c> field; empty when there is none.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The <c>data</c> fields, joined by line feeds when there are several.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>False for comments and blank lines that carry no event.</summary>
    public bool HasData { get; init; }

    /// <summary>The event's last CR LF was cut in two and its LF is still to come: the reader drops it, so whoever relays adds it.</summary>
    public bool OwesLineFeed { get; init; }
}
