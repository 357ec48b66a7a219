namespace Stoa.Gateway.Models.Translation.Rules;

/// <summary>What becomes of a feature at every target that says nothing else: what only the provider has that the caller's shape is from.</summary>
internal static class CommonRules
{
    public static IReadOnlyList<TargetRule> All { get; } =
    [
        new(Feature.FileId, Treatment.Refused, "files live at the provider they were uploaded to; send the content itself"),
        new(Feature.DocumentContent, Treatment.Refused, "send the pieces as content parts of the message"),
        new(Feature.UnknownContent, Treatment.Refused, "content of this type is not known here; send text, images, audio or documents"),
        new(Feature.AudioReference, Treatment.Refused, "send the transcript as text"),
        new(Feature.Citations, Treatment.Dropped, "the answer comes without citations"),
        new(Feature.HostedTools, Treatment.Refused, "tools that run at one provider do not exist at another; offer a function tool"),
        new(Feature.CustomTools, Treatment.Refused, "only function tools can be translated"),
        new(Feature.LegacyFunctions, Treatment.Refused, "use `tools` and `tool_calls`"),
        new(Feature.ToolCallers, Treatment.Refused, "only calls by the model itself can be translated"),
        new(Feature.ToolExamples, Treatment.Dropped, "put examples into the description"),
        new(Feature.Logprobs, Treatment.Refused, "log probabilities are not translated"),
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
