using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>What Gemini can be asked for, beside <see cref="CommonRules"/>.</summary>
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
        new(Feature.CacheMarks, Treatment.Dropped, "the provider caches prompts by itself"),
        new(Feature.ToolError, Treatment.Carried, "as `functionResponse.response.error`"),
        new(Feature.StrictTools, Treatment.Dropped, "Gemini keeps to the schema without promising it"),
        new(Feature.ParallelToolCalls, Treatment.Dropped, "several calls may come at once"),
        new(Feature.DeferredTools, Treatment.Dropped, "the tool is offered from the start"),
        new(Feature.Choices, Treatment.Refused, "one answer per request is translated; ask `n` times"),
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
    ];
}
