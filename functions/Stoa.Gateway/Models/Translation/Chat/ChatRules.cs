using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>What a provider of chat completions can be asked for, beside <see cref="CommonRules"/>.</summary>
internal static class ChatRules
{
    public static IReadOnlyList<TargetRule> All { get; } =
    [
        new(Feature.LateSystem, Treatment.Carried, "as a `system` message in its place"),
        new(Feature.Prefill, Treatment.Dropped, "the model answers anew instead of going on; the message itself is sent"),
        new(Feature.ThinkingHistory, Treatment.Carried, "as `reasoning_content` to servers of open models; left out for others, where it has no field"),
        new(Feature.ImageDetail, Treatment.Carried, "as `image_url.detail`"),
        new(Feature.Audio, Treatment.Carried, "as `input_audio`; wav and mp3 only, else refused"),
        new(Feature.LinkedAudio, Treatment.Refused, "send the audio itself, as base64"),
        new(Feature.File, Treatment.Carried, "as `file.file_data`"),
        new(Feature.LinkedFile, Treatment.Refused, "send the document itself, as base64"),
        new(Feature.CacheMarks, Treatment.Dropped, "the provider caches prompts by itself or not at all"),
        new(Feature.ToolError, Treatment.Dropped, "the text of the result says what went wrong"),
        new(Feature.StrictTools, Treatment.Carried, "as `function.strict`"),
        new(Feature.ParallelToolCalls, Treatment.Carried, "as `parallel_tool_calls`"),
        new(Feature.DeferredTools, Treatment.Dropped, "the tool is offered from the start"),
        new(Feature.JsonObject, Treatment.Carried, "as `response_format`"),
        new(Feature.Verbosity, Treatment.Carried, "as `verbosity`", "verbosity"),
        new(Feature.Reasoning, Treatment.Carried, "as `reasoning_effort`; a budget becomes the nearest effort"),
        new(Feature.ThinkingDisplay, Treatment.Dropped, "the provider shows what it shows"),
        new(Feature.Temperature, Treatment.Carried, "as `temperature`", "temperature"),
        new(Feature.TopP, Treatment.Carried, "as `top_p`", "top_p"),
        new(Feature.TopK, Treatment.Carried, "as `top_k` to servers of open models; left out for others"),
        new(Feature.User, Treatment.Carried, "as `user`; not to Mistral, which has no such field"),
        new(Feature.Metadata, Treatment.Dropped, "is for stored answers only"),
        new(Feature.SafetyIdentifier, Treatment.Carried, "as `safety_identifier` to OpenAI and Azure OpenAI; left out for others"),
        new(Feature.PromptCache, Treatment.Carried, "as it is to OpenAI and Azure OpenAI; left out for others"),
    ];
}
