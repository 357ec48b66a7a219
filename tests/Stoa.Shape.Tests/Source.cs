using Stoa.Testing;

namespace Stoa.Shape.Tests;

/// <summary>The product's source files, as text.</summary>
internal static class Source
{
    public static IReadOnlyList<SourceFile> Product { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("functions"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllLines(Repository.PathOf(path)))),
    ];
}

/// <summary>One file: its path from the root, with slashes, and its lines.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The slice in <c>functions/Stoa.Gateway/{Slice}/...</c>; the file's own name for files at the gateway's root; null elsewhere.</summary>
    public string? Slice => Path.Split('/') is ["functions", "Stoa.Gateway", .. var rest] ? rest.Length > 1 ? rest[0] : Name : null;

    public override string ToString() => Path;
}
