using Stoa.Testing;

namespace Stoa.Shape.Tests;

/// <summary>A part of a document, between two marks, that is derived from code. STOA_REGENERATE=1 rewrites it.</summary>
internal static class GeneratedRegion
{
    public static void Check(string document, string name, string content)
    {
        var path = Repository.PathOf(document);
        var text = File.ReadAllText(path);
        string start = $"<!-- {name} -->\n", end = $"<!-- /{name} -->";
        int from = text.IndexOf(start, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= 0 && to > from, $"{document} needs the marks {start.Trim()} and {end}.");
        from += start.Length;
        if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
        {
            text = text[..from] + content + text[to..];
            File.WriteAllText(path, text);
            to = from + content.Length;
        }

        Assert.Equal(content, text[from..to]);
    }
}
