using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>What Anthropic messages can be asked for, beside <see cref="CommonRules"/>.</summary>
internal static class MessagesRules
{
    public static IReadOnlyList<TargetRule> All { get; } =
    [
        new(Feature.LateSystem, Treatment.Dropped, "the text joins `system`, its place is lost: not every model takes instructions in between"),
        new(Feature.Prefill, Treatment.Carried, "the model goes on from there, where it can"),
        new(Feature.ThinkingHistory, Treatment.Carried, "as `thinking` blocks when Anthropic signed them; left out otherwise"),
        new(Feature.ImageDetail, Treatment.Dropped, "the provider chooses"),
        new(Feature.Audio, Treatment.Refused, "Anthropic models take no audio; send a transcript or choose another model"),
        new(Feature.LinkedAudio, Treatment.Refused, "Anthropic models take no audio; send a transcript or choose another model"),
        new(Feature.File, Treatment.Carried, "as a `document` block; PDF and plain text only, else refused"),
        new(Feature.LinkedFile, Treatment.Carried, "as a `document` block with a `url` source"),
        new(Feature.UnknownContent, Treatment.Refused, "content of this type is not known here; send text, images or documents"),
        new(Feature.StrictTools, Treatment.Carried, "as `strict`"),
        new(Feature.ParallelToolCalls, Treatment.Carried, "as `tool_choice.disable_parallel_tool_use`"),
        new(Feature.Choices, Treatment.Refused, "there is one answer per request; ask `n` times"),
        new(Feature.Logprobs, Treatment.Refused, "Anthropic gives no log probabilities"),
        new(Feature.AudioOutput, Treatment.Refused, "Anthropic models answer in text"),
        new(Feature.JsonObject, Treatment.Dropped, "there is no JSON mode without a schema; the prompt asks for JSON, as this format demands anyway"),
        new(Feature.Verbosity, Treatment.Dropped, "say it in the prompt"),
        new(Feature.Reasoning, Treatment.Carried, "as `thinking` with `output_config.effort`; to models up to 4.5 as a budget of tokens"),
        new(Feature.Temperature, Treatment.Carried, "as `temperature`, at most 1 (more is lowered and reported)"),
        new(Feature.TopP, Treatment.Carried, "as `top_p`", "top_p"),
        new(Feature.TopK, Treatment.Carried, "as `top_k`", "top_k"),
        new(Feature.User, Treatment.Carried, "as `metadata.user_id`"),
    ];
}
