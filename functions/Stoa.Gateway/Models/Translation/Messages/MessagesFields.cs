using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>The fields of messages requests that ask for something special.</summary>
internal static class MessagesFields
{
    public static IReadOnlyList<SourceField> All { get; } =
    [
        new(Feature.LateSystem, "messages[].role", "`system`"),
        new(Feature.Prefill, "messages[-1]", "the last message is the assistant's"),
        new(Feature.ThinkingHistory, "messages[].content[].thinking"),
        new(Feature.CacheMarks, "cache_control", "anywhere in the request"),
        new(Feature.Citations, "messages[].content[].citations"),
        new(Feature.ImageTransformations, "messages[].content[].transformations"),
        new(Feature.File, "messages[].content[].source", "a document as base64 or text"),
        new(Feature.LinkedFile, "messages[].content[].source.url", "of a document"),
        new(Feature.DocumentContent, "messages[].content[].source.content"),
        new(Feature.FileId, "messages[].content[].source.file_id"),
        new(Feature.UnknownContent, "messages[].content[].type", "not one of the documented ones, or of a tool that runs at Anthropic"),
        new(Feature.ToolError, "messages[].content[].is_error", "true"),
        new(Feature.HostedTools, "tools[].type", "not `custom`"),
        new(Feature.ToolCallers, "tools[].allowed_callers", "more than `direct`"),
        new(Feature.StrictTools, "tools[].strict", "true"),
        new(Feature.DeferredTools, "tools[].defer_loading", "true"),
        new(Feature.ToolExamples, "tools[].input_examples"),
        new(Feature.ParallelToolCalls, "tool_choice.disable_parallel_tool_use", "true"),
        new(Feature.Reasoning, "thinking", "`enabled` or `disabled`"),
        new(Feature.Reasoning, "output_config.effort"),
        new(Feature.ThinkingDisplay, "thinking.display"),
        new(Feature.Temperature, "temperature"),
        new(Feature.TopP, "top_p"),
        new(Feature.TopK, "top_k"),
        new(Feature.User, "metadata.user_id"),
        new(Feature.ServiceTier, "service_tier", "not `auto`"),
        new(Feature.Speed, "speed", "not `standard`"),
        new(Feature.ContextManagement, "context_management"),
        new(Feature.Container, "container"),
        new(Feature.McpServers, "mcp_servers"),
        new(Feature.DataResidency, "inference_geo"),
        new(Feature.Diagnostics, "diagnostics"),
    ];
}
