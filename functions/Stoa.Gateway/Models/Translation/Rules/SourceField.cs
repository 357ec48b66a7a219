namespace Stoa.Gateway.Models.Translation.Rules;

/// <summary>A field of a source's requests that asks for a feature.</summary>
/// <param name="Path">As losses and refusals name it, for example <c>messages[].name</c>.</param>
/// <param name="When">When it does ask, if not always: for the document.</param>
internal sealed record SourceField(Feature Feature, string Path, string When = "");
