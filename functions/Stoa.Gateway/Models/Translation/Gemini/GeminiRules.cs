using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>What Gemini can be asked for.</summary>
internal static class GeminiRules
{
    public static IReadOnlyList<TargetRule> All { get; } =
    [
        new(Feature.LateSystem, Treatment.Dropped, "the text joins `systemInstruction`, its place is lost"),
        new(Feature.Prefill, Treatment.Carried, "the last content is the model's; whether it goes on from there is up to the model"),
        new(Feature.ThinkingHistory, Treatment.Carried, "as `thought` parts when Gemini signed them; left out otherwise"),
        new(Feature.ImageDetail, Treatment.Dropped, "the provider chooses"),
        new(Feature.Audio, Treatment.Carried, "as `inlineData`"),
        new(Feature.LinkedAudio, Treatment.Carried, "as `fileData`"),
        new(Feature.File, Treatment.Carried, "as `inlineData`"),
        new(Feature.LinkedFile, Treatment.Carried, "as `fileData`"),
        new(Feature.FileId, Treatment.Refused, "files live at the provider they were uploaded to; send the content itself"),
        new(Feature.DocumentContent, Treatment.Refused, "send the pieces as content parts of the message"),
        new(Feature.UnknownContent, Treatment.Refused, "content of this type is not known here; send text, images, audio or documents"),
        new(Feature.AudioReference, Treatment.Refused, "send the transcript as text"),
        new(Feature.Citations, Treatment.Dropped, "the answer comes without citations"),
        new(Feature.CacheMarks, Treatment.Dropped, "the provider caches prompts by itself"),
        new(Feature.ToolError, Treatment.Carried, "as `functionResponse.response.error`"),
        new(Feature.StrictTools, Treatment.Dropped, "Gemini keeps to the schema without promising it"),
        new(Feature.ParallelToolCalls, Treatment.Dropped, "several calls may come at once"),
        new(Feature.HostedTools, Treatment.Refused, "tools that run at one provider do not exist at another; offer a function tool"),
        new(Feature.CustomTools, Treatment.Refused, "only function tools can be translated"),
        new(Feature.LegacyFunctions, Treatment.Refused, "use `tools` and `tool_calls`"),
        new(Feature.ToolCallers, Treatment.Refused, "only calls by the model itself can be translated"),
        new(Feature.DeferredTools, Treatment.Dropped, "the tool is offered from the start"),
        new(Feature.ToolExamples, Treatment.Dropped, "put examples into the description"),
        new(Feature.Choices, Treatment.Refused, "one answer per request is translated; ask `n` times"),
        new(Feature.Logprobs, Treatment.Refused, "log probabilities are not translated"),
        new(Feature.AudioOutput, Treatment.Refused, "answers are translated as text only"),
        new(Feature.JsonObject, Treatment.Carried, "as `responseMimeType`"),
        new(Feature.Verbosity, Treatment.Dropped, "say it in the prompt"),
        new(Feature.Reasoning, Treatment.Carried, "as `thinkingConfig`: a budget of tokens for Gemini 2, a level from Gemini 3 on"),
        new(Feature.ThinkingDisplay, Treatment.Carried, "as `thinkingConfig.includeThoughts`"),
        new(Feature.Temperature, Treatment.Carried, "as `generationConfig.temperature`", "temperature"),
        new(Feature.TopP, Treatment.Carried, "as `generationConfig.topP`", "topP"),
        new(Feature.TopK, Treatment.Carried, "as `generationConfig.topK`", "topK"),
        new(Feature.Seed, Treatment.Carried, "as `generationConfig.seed`", "seed"),
        new(Feature.PresencePenalty, Treatment.Carried, "as `generationConfig.presencePenalty`", "presencePenalty"),
        new(Feature.FrequencyPenalty, Treatment.Carried, "as `generationConfig.frequencyPenalty`", "frequencyPenalty"),
        new(Feature.Store, Treatment.Refused, "answers are not stored here; leave `store` out or set it to false"),
        new(Feature.PreviousResponse, Treatment.Refused, "answers are not stored here; send the whole conversation in `input`"),
        new(Feature.StoredPrompt, Treatment.Refused, "stored prompts live at their provider; send the text"),
        new(Feature.Background, Treatment.Refused, "wait for the answer or stream it"),
        new(Feature.Container, Treatment.Refused, "containers live at their provider"),
        new(Feature.McpServers, Treatment.Refused, "call the tools yourself and offer them as function tools"),
        new(Feature.DataResidency, Treatment.Refused, "where the data is processed cannot be promised"),
        new(Feature.ServiceTier, Treatment.Dropped, "tiers are an agreement with one provider"),
    ];
}
