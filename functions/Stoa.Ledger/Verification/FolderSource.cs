namespace Stoa.Ledger.Verification;

/// <summary>A ledger that lies in a folder, as downloaded.</summary>
internal sealed class FolderSource(string root) : LedgerSource
{
    public override IEnumerable<string> List(string folder)
    {
        var path = Path.Combine(root, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            : [];
    }

    public override Stream? Open(string name)
    {
        var path = Path.Combine(root, name);

        // The lines' reader has its own buffer.
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0) : null;
    }
}
