using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>
/// What has been told to a caller of a stream so far, as far as it takes to end the stream in its own grammar. Kept by the relay for streams
/// that pass through, and by the translation for its own.
/// </summary>
internal sealed class StreamPosition
{
    /// <summary>Of the answer; null before the first event.</summary>
    public string? Id { get; set; }

    /// <summary>As the stream's events name it.</summary>
    public string Model { get; set; } = "";

    /// <summary>Seconds since 1970, as chunks of chat completions and responses repeat it.</summary>
    public long Created { get; set; }

    /// <summary>Chat: the caller asked for a last chunk with usage.</summary>
    public bool WantsUsage { get; set; }

    /// <summary>Messages: the index of the block that is open; null when none is.</summary>
    public int? OpenBlock { get; set; }

    /// <summary>Responses: the number of the last event; -1 before the first.</summary>
    public long SequenceNumber { get; set; } = -1;

    /// <summary>As reported, or counted by whoever keeps this.</summary>
    public TokenUsage Usage { get; set; }

    /// <summary>The event after which its grammar allows no other has been written.</summary>
    public bool HasEnded { get; set; }

    public StreamPosition Copy() => (StreamPosition)MemberwiseClone();
}
