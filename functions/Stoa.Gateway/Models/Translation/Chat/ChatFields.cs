using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>The fields of chat completions requests that ask for something special.</summary>
internal static class ChatFields
{
    public static IReadOnlyList<SourceField> All { get; } =
    [
        new(Feature.LateSystem, "messages[].role", "`system` or `developer` after the conversation has begun"),
        new(Feature.Prefill, "messages[-1]", "the last message is the assistant's"),
        new(Feature.SpeakerName, "messages[].name"),
        new(Feature.ThinkingHistory, "messages[].reasoning_content"),
        new(Feature.AudioReference, "messages[].audio"),
        new(Feature.LegacyFunctions, "messages[].function_call"),
        new(Feature.ImageDetail, "messages[].content[].image_url.detail", "not `auto`"),
        new(Feature.Audio, "messages[].content[].input_audio"),
        new(Feature.File, "messages[].content[].file"),
        new(Feature.FileId, "messages[].content[].file.file_id"),
        new(Feature.UnknownContent, "messages[].content[].type", "not one of the documented ones"),
        new(Feature.CustomTools, "tools[].type", "not `function`"),
        new(Feature.CustomTools, "messages[].tool_calls[].type", "not `function`"),
        new(Feature.StrictTools, "tools[].function.strict", "true"),
        new(Feature.CustomTools, "tool_choice", "names a tool that is no function"),
        new(Feature.LegacyFunctions, "functions"),
        new(Feature.LegacyFunctions, "function_call"),
        new(Feature.ParallelToolCalls, "parallel_tool_calls", "false"),
        new(Feature.HostedTools, "web_search_options"),
        new(Feature.Choices, "n", "more than 1"),
        new(Feature.Logprobs, "logprobs", "true"),
        new(Feature.TopLogprobs, "top_logprobs"),
        new(Feature.AudioOutput, "modalities", "holds `audio`"),
        new(Feature.AudioOutput, "audio"),
        new(Feature.JsonObject, "response_format", "`json_object`"),
        new(Feature.Reasoning, "reasoning_effort"),
        new(Feature.Verbosity, "verbosity"),
        new(Feature.Temperature, "temperature"),
        new(Feature.TopP, "top_p"),
        new(Feature.TopK, "top_k"),
        new(Feature.Seed, "seed"),
        new(Feature.PresencePenalty, "presence_penalty", "not 0"),
        new(Feature.FrequencyPenalty, "frequency_penalty", "not 0"),
        new(Feature.LogitBias, "logit_bias"),
        new(Feature.Prediction, "prediction"),
        new(Feature.KeptCopy, "store", "true"),
        new(Feature.User, "user"),
        new(Feature.Metadata, "metadata"),
        new(Feature.SafetyIdentifier, "safety_identifier"),
        new(Feature.PromptCache, "prompt_cache_key"),
        new(Feature.PromptCache, "prompt_cache_options"),
        new(Feature.PromptCache, "prompt_cache_retention"),
        new(Feature.ServiceTier, "service_tier", "not `auto` or `default`"),
        new(Feature.Moderation, "moderation"),
    ];
}
