using System.Collections.Frozen;
using Stoa.Gateway.Models.Translation.Chat;
using Stoa.Gateway.Models.Translation.Gemini;
using Stoa.Gateway.Models.Translation.Messages;
using Stoa.Gateway.Models.Translation.Responses;

namespace Stoa.Gateway.Models.Translation.Rules;

/// <summary>Every rule of what is carried, dropped and refused, for the translation itself and for its document.</summary>
internal static class TranslationRules
{
    private static readonly FrozenDictionary<Wire, FrozenDictionary<string, SourceField>> Fields = new Dictionary<Wire, IReadOnlyList<SourceField>>
    {
        [Wire.Chat] = ChatFields.All,
        [Wire.Messages] = MessagesFields.All,
        [Wire.Responses] = ResponsesFields.All,
    }.ToFrozenDictionary(p => p.Key, p => p.Value.ToFrozenDictionary(f => f.Path));

    private static readonly FrozenDictionary<Wire, FrozenDictionary<Feature, TargetRule>> Targets = new Dictionary<Wire, IReadOnlyList<TargetRule>>
    {
        [Wire.Chat] = ChatRules.All,
        [Wire.Messages] = MessagesRules.All,
        [Wire.Gemini] = GeminiRules.All,
    }.ToFrozenDictionary(p => p.Key, p => p.Value.ToFrozenDictionary(r => r.Feature));

    private static readonly FrozenDictionary<Feature, TargetRule> Common = CommonRules.All.ToFrozenDictionary(r => r.Feature);

    /// <summary>Every direction in which requests are translated.</summary>
    public static IReadOnlyList<(Wire From, Wire To)> Directions { get; } =
    [
        (Wire.Chat, Wire.Messages), (Wire.Chat, Wire.Gemini),
        (Wire.Messages, Wire.Chat), (Wire.Messages, Wire.Gemini),
        (Wire.Responses, Wire.Chat), (Wire.Responses, Wire.Messages), (Wire.Responses, Wire.Gemini),
    ];

    public static IReadOnlyCollection<SourceField> FieldsOf(Wire source) => Fields[source].Values;

    public static SourceField? Field(Wire source, string path) => Fields[source].GetValueOrDefault(path);

    /// <summary>A feature that a target says nothing of is one it does not have; only losing an answer's meaning is worth a refusal.</summary>
    public static TargetRule Rule(Wire target, Feature feature) =>
        Targets[target].GetValueOrDefault(feature) ?? Common.GetValueOrDefault(feature) ?? new(feature, Treatment.Dropped, "has no counterpart");
}
