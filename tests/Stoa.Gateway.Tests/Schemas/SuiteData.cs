using System.Text.Json;

namespace Stoa.Gateway.Tests.Schemas;

/// <summary>The official JSON-Schema-Test-Suite, kept beside the repository and never in it.</summary>
internal sealed class SuiteData
{
    private const string RemoteBase = "http://localhost:1234/";

    private readonly DirectoryInfo _root;

    private SuiteData(DirectoryInfo root) => _root = root;

    /// <summary>Skips the test where the data is absent.</summary>
    public static SuiteData Open()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var data = new DirectoryInfo(Path.Combine(at.FullName, "shared", "data", "json-schema"));
            if (data.Exists)
            {
                return new SuiteData(data);
            }
        }

        Assert.Skip("The JSON-Schema-Test-Suite is not here.");
        throw new InvalidOperationException();
    }

    public IReadOnlyDictionary<string, JsonElement> Remotes()
    {
        var remotes = Path.Combine(_root.FullName, "remotes");
        return Directory.EnumerateFiles(remotes, "*.json", SearchOption.AllDirectories).ToDictionary(
            file => RemoteBase + Path.GetRelativePath(remotes, file).Replace('\\', '/'),
            file => Parse(file));
    }

    /// <summary>Test cases of a folder under draft2020-12, sub-folders not included.</summary>
    public IEnumerable<SuiteCase> Cases(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_root.FullName, "draft2020-12", folder), "*.json").Order(StringComparer.Ordinal))
        {
            foreach (var group in Parse(file).EnumerateArray())
            {
                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    yield return new SuiteCase(
                        Path.GetFileNameWithoutExtension(file),
                        group.GetProperty("description").GetString()!,
                        test.GetProperty("description").GetString()!,
                        group.GetProperty("schema"),
                        test.GetProperty("data"),
                        test.GetProperty("valid").GetBoolean());
                }
            }
        }
    }

    private static JsonElement Parse(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}

internal sealed record SuiteCase(string File, string Group, string Test, JsonElement Schema, JsonElement Data, bool Valid)
{
    public override string ToString() => $"{File} / {Group} / {Test}";
}
