namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>Why an answer ended.</summary>
internal enum StopReason
{
    /// <summary>The model was done, or the provider did not say why it stopped.</summary>
    Done,
    MaxTokens,

    /// <summary>The model's context is full, which only Anthropic tells from a reached maximum.</summary>
    ContextFull,
    StopSequence,
    ToolUse,

    /// <summary>Anthropic interrupts long turns.</summary>
    Paused,

    /// <summary>The model declined.</summary>
    Refused,

    /// <summary>A filter of the provider's stopped it.</summary>
    Filtered,
}
