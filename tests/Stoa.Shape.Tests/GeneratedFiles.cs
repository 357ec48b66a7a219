using Stoa.Gateway;
using Stoa.Gateway.Resources;

namespace Stoa.Shape.Tests;

/// <summary>Files that are derived from code and checked in for readers: they are what the code says, or this fails. STOA_REGENERATE=1 rewrites them.</summary>
public class GeneratedFiles
{
    public static TheoryData<string> Names => [.. Contents().Select(c => c.Path)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_generated_file_is_up_to_date(string path)
    {
        var file = Path.Combine(RepositoryRoot(), path);
        var content = Contents().Single(c => c.Path == path).Content;
        if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }

        Assert.True(File.Exists(file), $"{path} is missing; run the tests once with STOA_REGENERATE=1.");
        Assert.Equal(content, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static IEnumerable<(string Path, string Content)> Contents() =>
        EditorSchemas.All(Kinds.Registry).Select(s => ($"docs/schemas/{s.File}", s.Content))
            .Append(("docs/reference/resources.md", FieldReference.Of(Kinds.Registry)))
            .Concat(FunctionFiles.All());

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Stoa.Serverless.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
