namespace Stoa.Gateway.Resources.Reading;

/// <summary>Finds the tab behind a syntax error: legal in many places, so looked for only once the parser has given up.</summary>
internal static class YamlTabs
{
    /// <param name="chunk">The document.</param>
    /// <param name="line">Where the parser gave up, from 1 within the chunk.</param>
    public static Position? Find(YamlChunk chunk, int line)
    {
        var number = 0;
        Position? last = null;
        foreach (var content in chunk.Text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = content.IndexOfAnyExcept(' ', '\t');
            var tab = content[..Math.Max(indent, 0)].IndexOf('\t');
            if (number >= line - 1 && tab >= 0)
            {
                last ??= new(number + chunk.FirstLine - 1, tab + 1);
            }

            if (number > line)
            {
                break;
            }
        }

        return last;
    }
}
