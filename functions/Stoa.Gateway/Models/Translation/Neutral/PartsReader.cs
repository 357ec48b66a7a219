using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>Reads the content of a message: a string, or parts, which each wire has its own kinds of.</summary>
/// <param name="path">The content's, for complaints.</param>
/// <param name="partsName">What the wire calls its parts.</param>
internal abstract class PartsReader(Prompt prompt, string path, string partsName)
{
    protected Prompt Prompt { get; } = prompt;

    public void Read(JsonElement content, List<Part> parts, bool mayBeMissing = false)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                parts.Add(new TextPart(content.AsText()));
                break;
            case JsonValueKind.Array:
                foreach (var part in content.EnumerateArray())
                {
                    ReadPart(part, parts);
                }

                break;
            case JsonValueKind.Undefined or JsonValueKind.Null when mayBeMissing:
                break;
            default:
                Prompt.Malformed(path, $"must be a string or an array of {partsName}");
                break;
        }
    }

    protected abstract void ReadPart(JsonElement part, List<Part> parts);
}
