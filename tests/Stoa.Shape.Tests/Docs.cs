using System.Text.RegularExpressions;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Shape.Tests;

/// <summary>What the documents name exists, and the tables that repeat the code say what the code says.</summary>
public partial class Docs
{
    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("samples"), "*.md", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_path_in_a_document_exists(string document)
    {
        var text = File.ReadAllText(Repository.PathOf(document));
        var folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        var missing = Links().Matches(text).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal) && !Exists(Path.Combine(folder, link)))
            .Concat(Paths().Matches(text).Select(m => m.Groups[1].Value.TrimEnd('.', '/')).Where(path => !Exists(Repository.PathOf(path))));

        Assert.Empty(missing);
    }

    [Fact]
    public void The_readme_lists_every_url()
    {
        var table = string.Concat(RouteTable.All.Select(r => $"| `{(r.AnswersEveryMethod ? "POST" : r.Method)} {r.Path}` | {r.About} |\n"));
        GeneratedRegion.Check("README.md", "routes", table);
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    // Paths in backticks that start with one of the repository's folders and hold no placeholder.
    [GeneratedRegex(@"`((?:functions|tests|samples|docs|infra)/[A-Za-z0-9_./-]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Paths();
}
