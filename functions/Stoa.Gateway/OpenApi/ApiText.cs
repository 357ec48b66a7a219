using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.OpenApi;

/// <summary>Reads the text of a description: JSON when it starts with a brace, else one YAML document. Strict, and bounded in every direction.</summary>
internal static class ApiText
{
    public const int MaxBytes = 10 * 1024 * 1024;

    /// <summary>YAML is read into nodes first, aliases counted as if written out.</summary>
    private const int MaxYamlNodes = 1_000_000;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = NodeBudget.MaxDepth + 2 };
    private static readonly Shape AnyJson = Shape.Json();

    /// <summary>The document, which the caller disposes, or null and a sentence that says where it cannot be read on.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> text, out string complaint)
    {
        if (text.Length > MaxBytes)
        {
            complaint = $"The description has more than {MaxBytes / 1024 / 1024} MiB.";
            return null;
        }

        text = SourceText.WithoutMark(text);
        if (SourceText.Check(text.Span) is { } fault)
        {
            complaint = Said(fault);
            return null;
        }

        return text.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? ParseJson(text, out complaint) : ParseYaml(text, out complaint);
    }

    private static JsonDocument? ParseJson(ReadOnlyMemory<byte> text, out string complaint)
    {
        complaint = "";
        if (JsonText.HasLoneSurrogate(text.Span))
        {
            complaint = "The JSON holds half of a surrogate pair.";
            return null;
        }

        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException broken)
        {
            complaint = $"The JSON cannot be read at line {broken.LineNumber + 1}: it is malformed, repeats a member, or nests more than {NodeBudget.MaxDepth} levels deep.";
            return null;
        }
    }

    private static JsonDocument? ParseYaml(ReadOnlyMemory<byte> text, out string complaint)
    {
        var faults = new FaultList();
        var chunks = YamlChunks.Of(Encoding.UTF8.GetString(text.Span)).Take(3).ToArray();
        var roots = chunks.Select(chunk => YamlNodes.Read(chunk, new NodeBudget(MaxYamlNodes, "The description", "Use a smaller one"), faults)).OfType<MapNode>().ToArray();
        var plain = faults.Count == 0 && roots.Length == 1 ? AnyJson.Read(roots[0], new Place(faults)) : null;
        if (plain is null || faults.Count > 0)
        {
            complaint = faults.Count > 0 ? Said(faults.InOrder()[0]) : "The description must be one YAML or JSON document whose root is a map.";
            return null;
        }

        complaint = "";
        return JsonDocument.Parse(CanonicalJson.Bytes(plain), Options);
    }

    private static string Said(ResourceFault fault) => $"Line {fault.Line}, column {fault.Column} of the description: {fault.Reason}";
}
