using YamlDotNet.Core;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>Finds the tab behind a syntax error: legal in many places, so looked for only once the parser has given up.</summary>
internal static class YamlTabs
{
    public const string Forbidden = "A tab indents this line, which YAML forbids; use spaces.";

    public static Position? Find(YamlChunk chunk, YamlException broken)
    {
        // When the parser blames a tab itself it marks the map around it; else the tab is where it stopped or on the line before.
        var isBlamed = broken.Message.Contains("tab", StringComparison.Ordinal);
        var from = isBlamed ? broken.Start.Line : broken.End.Line - 1;
        var to = isBlamed ? long.MaxValue : broken.End.Line;

        var number = 0;
        foreach (var line in chunk.Text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line[..Math.Max(line.IndexOfAnyExcept(' ', '\t'), 0)];
            if (number >= from && number <= to && indent.Contains('\t'))
            {
                return new(number + chunk.FirstLine - 1, indent.IndexOf('\t') + 1);
            }
        }

        return null;
    }
}
