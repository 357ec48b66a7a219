using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>
/// A request to a model in no wire's terms, while it is between two of them. Points into the JSON it was read from, so lives no longer than
/// that. Of what a reader finds wrong, the first thing stays.
/// </summary>
internal sealed class Prompt(Wire source)
{
    // More unknown fields than this are nobody's mistake; losses travel in a header.
    private const int MaxUnknown = 16;

    private readonly List<Asked> _asked = [];

    public List<Text> System { get; } = [];

    public List<Turn> Turns { get; } = [];

    public List<ToolSpec> Tools { get; } = [];

    public ToolChoice? ToolChoice { get; set; }

    public bool? ParallelCalls { get; set; }

    public OutputFormat? Format { get; set; }

    public Reasoning? Reasoning { get; set; }

    public long? MaxOutputTokens { get; set; }

    public List<Text> Stop { get; } = [];

    public IReadOnlyList<Asked> Asked => _asked;

    public Refusal? Fault { get; private set; }

    /// <summary>Joins what one side says in several messages, which some wires demand and none minds.</summary>
    public List<Part> Say(TurnRole role)
    {
        if (Turns.Count == 0 || Turns[^1].Role != role)
        {
            Turns.Add(new Turn(role, []));
        }

        return Turns[^1].Parts;
    }

    /// <summary>Notes that the caller asked for a feature by the field at that path.</summary>
    public void Ask(string path, JsonElement value = default) =>
        Ask(TranslationRules.Field(source, path)?.Feature ?? Feature.Unknown, path, value);

    /// <summary>Reports as lost what was asked for under a feature, where it depends on more than the target's wire.</summary>
    public void Lose(Feature feature, Losses losses)
    {
        foreach (var asked in _asked)
        {
            if (asked.Feature == feature)
            {
                losses.Add(asked.Path);
            }
        }
    }

    /// <summary>The tools that the model may call, for wires that cannot offer some and forbid them.</summary>
    public IReadOnlyList<ToolSpec> AllowedTools() =>
        ToolChoice?.Allowed is { } allowed ? Tools.FindAll(t => allowed.Contains(t.Name.ToString())) : Tools;

    /// <summary>An instruction: the prompt's own at its head, else one at that path, to which not every wire knows a place.</summary>
    public void Instruct(IEnumerable<TextPart> parts, string path)
    {
        if (Turns.Count == 0)
        {
            System.AddRange(parts.Select(p => p.Text));
            return;
        }

        Ask(path);
        Say(TurnRole.System).AddRange(parts);
    }

    /// <summary>Writes what the target takes as it is, under the target's own name for it.</summary>
    public void CopyPlain(Wire to, Utf8JsonWriter writer)
    {
        foreach (var asked in _asked)
        {
            if (TranslationRules.Rule(to, asked.Feature).CopyAs is { } name && asked.Value.IsGiven())
            {
                writer.WriteCopy(name, asked.Value);
            }
        }
    }

    /// <summary>What was asked for under a feature; undefined when it was not.</summary>
    public JsonElement Find(Feature feature) => _asked.Find(a => a.Feature == feature)?.Value ?? default;

    /// <summary>Notes what is wrong with the type of a member of the request.</summary>
    public void Check(string name, JsonElement value)
    {
        if (MemberTypes.Complaint(name, value) is { } must)
        {
            Malformed(name, must);
        }
    }

    public void Unsupported(string path, string what) =>
        Fault ??= new Refusal(RefusalKind.UnsupportedRequest, $"'{path}' cannot be carried to the provider of this model, which speaks another API: {what}.");

    public void Malformed(string path, string must) =>
        Fault ??= new Refusal(RefusalKind.MalformedRequest, $"'{JsonText.Shorten(path, 100)}' {must}.");

    private void Ask(Feature feature, string path, JsonElement value)
    {
        if (_asked.Exists(a => a.Path == path) || (feature == Feature.Unknown && _asked.Count(a => a.Feature == Feature.Unknown) == MaxUnknown))
        {
            return;
        }

        _asked.Add(new Asked(feature, path, value));
    }
}

/// <param name="Value">As the caller wrote it; undefined where only its presence matters.</param>
internal sealed record Asked(Feature Feature, string Path, JsonElement Value);
