using System.IO.Enumeration;

namespace Stoa.Ledger.Verification;

/// <summary>A ledger that lies in a folder, as downloaded.</summary>
internal sealed class FolderSource(string root) : LedgerSource
{
    public override IEnumerable<string> List(string folder)
    {
        var path = Path.Combine(root, folder);
        return Directory.Exists(path)
            ? Files(path).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            : [];
    }

    public override Stream? Open(string name)
    {
        var path = Path.Combine(root, name);

        // The lines' reader has its own buffer.
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0) : null;
    }

    // Not into linked folders, which may lead back to where they are.
    private static FileSystemEnumerable<string> Files(string folder) =>
        new(folder, (ref entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = default, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
}
