using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>What a provider of chat completions can be asked for.</summary>
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
        new(Feature.FileId, Treatment.Refused, "files live at the provider they were uploaded to; send the content itself"),
        new(Feature.DocumentContent, Treatment.Refused, "send the pieces as content parts of the message"),
        new(Feature.UnknownContent, Treatment.Refused, "content of this type is not known here; send text, images, audio or documents"),
        new(Feature.AudioReference, Treatment.Refused, "send the transcript as text"),
        new(Feature.Citations, Treatment.Dropped, "the answer comes without citations"),
        new(Feature.CacheMarks, Treatment.Dropped, "the provider caches prompts by itself or not at all"),
        new(Feature.ToolError, Treatment.Dropped, "the text of the result says what went wrong"),
        new(Feature.StrictTools, Treatment.Carried, "as `function.strict`"),
        new(Feature.ParallelToolCalls, Treatment.Carried, "as `parallel_tool_calls`"),
        new(Feature.HostedTools, Treatment.Refused, "tools that run at one provider do not exist at another; offer a function tool"),
        new(Feature.CustomTools, Treatment.Refused, "only function tools can be translated"),
        new(Feature.LegacyFunctions, Treatment.Refused, "use `tools` and `tool_calls`"),
        new(Feature.ToolCallers, Treatment.Refused, "only calls by the model itself can be translated"),
        new(Feature.DeferredTools, Treatment.Dropped, "the tool is offered from the start"),
        new(Feature.ToolExamples, Treatment.Dropped, "put examples into the description"),
        new(Feature.Logprobs, Treatment.Refused, "log probabilities are not translated"),
        new(Feature.JsonObject, Treatment.Carried, "as `response_format`"),
        new(Feature.Verbosity, Treatment.Carried, "as `verbosity`", "verbosity"),
        new(Feature.Reasoning, Treatment.Carried, "as `reasoning_effort`; a budget becomes the nearest effort"),
        new(Feature.ThinkingDisplay, Treatment.Dropped, "the provider shows what it shows"),
        new(Feature.Temperature, Treatment.Carried, "as `temperature`", "temperature"),
        new(Feature.TopP, Treatment.Carried, "as `top_p`", "top_p"),
        new(Feature.TopK, Treatment.Carried, "as `top_k` to servers of open models; left out for others"),
        new(Feature.Store, Treatment.Refused, "answers are not stored here; leave `store` out or set it to false"),
        new(Feature.PreviousResponse, Treatment.Refused, "answers are not stored here; send the whole conversation in `input`"),
        new(Feature.StoredPrompt, Treatment.Refused, "stored prompts live at their provider; send the text"),
        new(Feature.Background, Treatment.Refused, "wait for the answer or stream it"),
        new(Feature.Container, Treatment.Refused, "containers live at their provider"),
        new(Feature.McpServers, Treatment.Refused, "call the tools yourself and offer them as function tools"),
        new(Feature.DataResidency, Treatment.Refused, "where the data is processed cannot be promised"),
        new(Feature.User, Treatment.Carried, "as `user`; not to Mistral, which has no such field"),
        new(Feature.Metadata, Treatment.Dropped, "is for stored answers only"),
        new(Feature.SafetyIdentifier, Treatment.Carried, "as `safety_identifier` to OpenAI and Azure OpenAI; left out for others"),
        new(Feature.PromptCache, Treatment.Carried, "as it is to OpenAI and Azure OpenAI; left out for others"),
        new(Feature.ServiceTier, Treatment.Dropped, "tiers are an agreement with one provider"),
    ];
}
