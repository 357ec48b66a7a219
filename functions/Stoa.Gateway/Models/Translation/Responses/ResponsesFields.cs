using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>The fields of responses requests that ask for something special.</summary>
internal static class ResponsesFields
{
    public static IReadOnlyList<SourceField> All { get; } =
    [
        new(Feature.LateSystem, "input[].role", "`system` or `developer` after the conversation has begun"),
        new(Feature.Prefill, "input[-1]", "the last item is the assistant's"),
        new(Feature.ThinkingHistory, "input[].encrypted_content", "of a reasoning item"),
        new(Feature.ImageDetail, "input[].content[].detail", "not `auto`"),
        new(Feature.Audio, "input[].content[].input_audio"),
        new(Feature.File, "input[].content[].file_data"),
        new(Feature.LinkedFile, "input[].content[].file_url"),
        new(Feature.FileId, "input[].content[].file_id"),
        new(Feature.UnknownContent, "input[].content[].type", "not one of the documented ones"),
        new(Feature.PreviousResponse, "input[].id", "of an `item_reference`"),
        new(Feature.HostedTools, "input[].type", "of a tool that runs at OpenAI, or not documented"),
        new(Feature.HostedTools, "tools[].type", "not `function` or `custom`"),
        new(Feature.CustomTools, "tools[].format", "of a `custom` tool"),
        new(Feature.StrictTools, "tools[].strict", "true"),
        new(Feature.DeferredTools, "tools[].defer_loading", "true"),
        new(Feature.ToolCallers, "tools[].allowed_callers", "more than `direct`"),
        new(Feature.HostedTools, "tool_choice", "names a tool that is no function"),
        new(Feature.ParallelToolCalls, "parallel_tool_calls", "false"),
        new(Feature.MaxToolCalls, "max_tool_calls"),
        new(Feature.JsonObject, "text.format", "`json_object`"),
        new(Feature.Verbosity, "text.verbosity"),
        new(Feature.Reasoning, "reasoning.effort"),
        new(Feature.ThinkingDisplay, "reasoning.summary"),
        new(Feature.Logprobs, "include", "holds `message.output_text.logprobs`"),
        new(Feature.TopLogprobs, "top_logprobs"),
        new(Feature.Temperature, "temperature"),
        new(Feature.TopP, "top_p"),
        new(Feature.Store, "store", "true; not given means false here"),
        new(Feature.PreviousResponse, "previous_response_id"),
        new(Feature.PreviousResponse, "conversation"),
        new(Feature.StoredPrompt, "prompt"),
        new(Feature.Background, "background", "true"),
        new(Feature.Truncation, "truncation", "not `disabled`"),
        new(Feature.ContextManagement, "context_management"),
        new(Feature.User, "user"),
        new(Feature.Metadata, "metadata", "not empty"),
        new(Feature.SafetyIdentifier, "safety_identifier"),
        new(Feature.PromptCache, "prompt_cache_key"),
        new(Feature.PromptCache, "prompt_cache_options"),
        new(Feature.PromptCache, "prompt_cache_retention"),
        new(Feature.ServiceTier, "service_tier", "not `auto` or `default`"),
        new(Feature.Moderation, "moderation"),
    ];
}
