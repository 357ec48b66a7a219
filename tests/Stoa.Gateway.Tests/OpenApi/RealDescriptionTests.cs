namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Descriptions that companies publish, kept beside the repository and never in it.</summary>
public class RealDescriptionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("box.json")]
    [InlineData("discord.json")]
    public async Task Every_operation_of_a_published_description_is_a_tool_or_is_skipped_for_a_reason(string file)
    {
        var text = Read(file);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var expansion = await Expanding.OfAsync(text, "outputSchemas: true\nbaseURL: https://api.example.com");
        output.WriteLine($"{watch.ElapsedMilliseconds} ms, {expansion.Tools.Sum(t => t.Document.Spec.Length)} bytes");
        output.WriteLine($"{expansion.Tools.Count} tools, {expansion.Skipped.Count} skipped, faults {string.Join("\n", expansion.Faults)}");
        output.WriteLine(string.Join('\n', expansion.Skipped.Select(s => $"{s.Operation}: {s.Reason}").Concat(expansion.Findings)));
    }

    private static string Read(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "shared", "data", "openapi", file);
            if (File.Exists(path))
            {
                return File.ReadAllText(path);
            }
        }

        Assert.Skip("The published descriptions are not here.");
        return "";
    }
}
