using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.OpenApi;

/// <summary>What people and models read about a tool, from what the description says about the operation.</summary>
internal static class OperationText
{
    private const int LongestTitle = 128;
    private const int LongestDescription = 4096;
    private const int LongestTag = 64;

    public static string? Title(ApiOperation operation) => OneLine(operation.Node.Text("summary"), LongestTitle);

    /// <summary>Never empty: what it does, and what it returns where the description says so.</summary>
    public static string Description(ApiDocument api, ApiOperation operation)
    {
        var summary = Clean(operation.Node.Text("summary"));
        var text = Clean(operation.Node.Text("description"));
        var parts = new List<string>();
        if (operation.Node.Flag("deprecated") is true)
        {
            parts.Add("Deprecated: use another tool if there is one.");
        }

        if (summary.Length > 0 && !text.StartsWith(summary.TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
        {
            parts.Add(Sentence(summary));
        }

        parts.Add(text);
        if (Clean(OutputReading.Words(api, operation)) is { Length: > 0 } returns)
        {
            parts.Add($"Returns: {Sentence(returns)}");
        }

        var whole = string.Join('\n', parts.Where(p => p.Length > 0));
        return JsonText.Shorten(whole.Length > 0 ? whole : $"Calls {operation.Label}.", LongestDescription);
    }

    public static IEnumerable<string> Tags(ApiOperation operation) => operation.Tags.Select(t => OneLine(t, LongestTag)).OfType<string>();

    /// <summary>Null when nothing is left.</summary>
    public static string? OneLine(string? text, int longest) =>
        JsonText.Shorten(Clean(text).ReplaceLineEndings(" "), longest).Trim() is { Length: > 0 } line ? line : null;

    private static string Sentence(string text) => text[^1] is '.' or '!' or '?' or ':' ? text : text + ".";

    private static string Clean(string? text)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) && rune.Value is not ('\n' or '\t' or '\r') ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
