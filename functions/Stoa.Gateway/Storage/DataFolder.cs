namespace Stoa.Gateway.Storage;

/// <summary>
/// The folder of embedded mode, held by one process at a time. The operating system lets go of the lock when the process ends, however
/// it ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public static DataFolder Open(string path)
    {
        var full = Directory.CreateDirectory(path).FullName;
        try
        {
            return new(full, new FileStream(System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StorageUnavailableException(
                $"The data folder '{full}' is in use by another process; embedded storage serves one. Stop it or choose another folder.",
                e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
