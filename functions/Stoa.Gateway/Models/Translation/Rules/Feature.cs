namespace Stoa.Gateway.Models.Translation.Rules;

/// <summary>
/// Something a caller may ask for that not every wire can say. What every wire knows (roles, text, tools) is no feature. Each source names the
/// field by which it asks (<see cref="SourceField"/>), each target says what becomes of it (<see cref="TargetRule"/>); a direction is the join.
/// </summary>
internal enum Feature
{
    /// <summary>A field that no reference describes.</summary>
    Unknown,

    // Media and content.
    ImageDetail,
    Audio,
    LinkedAudio,
    File,
    LinkedFile,
    FileId,
    DocumentContent,
    UnknownContent,
    AudioReference,
    SpeakerName,
    LateSystem,
    Prefill,
    ThinkingHistory,
    Citations,
    CacheMarks,
    ToolError,
    ImageTransformations,

    // Tools.
    StrictTools,
    ToolExamples,
    DeferredTools,
    ParallelToolCalls,
    HostedTools,
    CustomTools,
    LegacyFunctions,
    ToolCallers,
    MaxToolCalls,

    // What comes out.
    Choices,
    Logprobs,
    TopLogprobs,
    AudioOutput,
    JsonObject,
    Verbosity,
    Reasoning,
    ThinkingDisplay,
    IncludedExtras,

    // Sampling.
    Temperature,
    TopP,
    TopK,
    Seed,
    PresencePenalty,
    FrequencyPenalty,
    LogitBias,
    Prediction,

    // State, account and place.
    Store,

    /// <summary>A copy kept for the account at the provider; the answer is the same.</summary>
    KeptCopy,
    PreviousResponse,
    Background,
    StoredPrompt,
    Truncation,
    ContextManagement,
    Container,
    McpServers,
    DataResidency,
    User,
    Metadata,
    SafetyIdentifier,
    PromptCache,
    ServiceTier,
    Speed,
    Moderation,
    Diagnostics,
}
