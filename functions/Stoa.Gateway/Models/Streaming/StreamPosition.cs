namespace Stoa.Gateway.Models.Streaming;

/// <summary>How far a stream has come, for whoever has to end it in the middle.</summary>
internal sealed class StreamPosition
{
    /// <summary>Of the answer, as the provider gave it; null before it did.</summary>
    public string? Id { get; set; }

    public string? Model { get; set; }

    /// <summary>Seconds since 1970; 0 when not known.</summary>
    public long Created { get; set; }

    /// <summary>Messages: the content block that has begun and not ended.</summary>
    public int? OpenBlock { get; set; }

    /// <summary>What the provider reported, else what was counted.</summary>
    public long OutputTokens { get; set; }

    /// <summary>Responses: of the last event.</summary>
    public long SequenceNumber { get; set; }
}
