namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Server-sent events as text, taken apart by the letter: what is no event line of the kind we write fails.</summary>
internal static class Events
{
    public static IEnumerable<(string Name, string Data)> Read(string text)
    {
        Assert.True(text.Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal), "The last event is not finished.");
        foreach (var part in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var name = "";
            var data = "";
            foreach (var line in part.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    name = line[7..];
                }
                else
                {
                    Assert.StartsWith("data: ", line, StringComparison.Ordinal);
                    data = line[6..];
                }
            }

            yield return (name, data);
        }
    }
}
