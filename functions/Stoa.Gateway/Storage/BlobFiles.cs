namespace Stoa.Gateway.Storage;

/// <summary>Where blobs of embedded mode are on disk: <c>blobs/{container}/...</c>, names spelled as <see cref="BlobPath"/> has it.</summary>
/// <param name="plain">
/// A container whose names stand on disk as they are, so that other programs can read it in place. None of them has a capital, and none is also a
/// folder of others; one that broke the second rule would be an error of the file system, never another blob.
/// </param>
internal sealed class BlobFiles(DataFolder folder, string? plain)
{
    private readonly string _root = Path.Combine(folder.Path, "blobs");

    public string PathOf(string container, string name) => Path.Combine(_root, container, container == plain ? Plain(name) : BlobPath.Encode(name));

    public IEnumerable<BlobEntry> List(string container)
    {
        var root = new DirectoryInfo(Path.Combine(_root, container));
        return from file in root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories) : []
               let path = Path.GetRelativePath(root.FullName, file.FullName)
               select new BlobEntry(container == plain ? path.Replace(Path.DirectorySeparatorChar, '/') : BlobPath.Decode(path), file.Length, file.LastWriteTimeUtc);
    }

    // Where files differ in more than case only, a capital would make two names one.
    private static string Plain(string name) => name.Any(char.IsAsciiLetterUpper)
        ? throw new ArgumentException($"The blob name '{name}' has a capital, and its container is one without.", nameof(name))
        : name.Replace('/', Path.DirectorySeparatorChar);
}
