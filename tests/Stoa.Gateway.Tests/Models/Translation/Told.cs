using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>What a stream told, whatever its wire: the text of each kind joined, calls in order, why it ended and what it cost.</summary>
internal sealed class Told
{
    public StringBuilder Text { get; } = new();

    public StringBuilder Thinking { get; } = new();

    public List<(string Id, string Name, StringBuilder Arguments)> Calls { get; } = [];

    /// <summary>length, tool, filter or done.</summary>
    public string Stop { get; set; } = "";

    public long Input { get; set; }

    public long Cached { get; set; }

    public long Output { get; set; }

    public override string ToString() =>
        $"text={Text} thinking={Thinking} calls=[{string.Join("; ", Calls.Select(c => $"{c.Name}({Canonical(c.Arguments.ToString())})"))}] stop={Stop} {Input}/{Cached}/{Output}";

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }
}
