namespace Stoa.Gateway.Keys;

/// <summary>A file with a key that only its owner can read, made on first use and once, whoever asks at the same time.</summary>
internal static class KeyFile
{
    // Each turn past the first few sleeps a millisecond; making a key takes a few.
    private const int MostTurnsWaited = 5000;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="UnauthorizedAccessException">Others can read the file.</exception>
    public static byte[] LoadOrCreate(string path, Func<byte[]> make)
    {
        if (!File.Exists(path))
        {
            Create(path, make);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new UnauthorizedAccessException($"The key file '{path}' can be read by others. Make it yours alone: chmod 600.");
        }

        return File.ReadAllBytes(path);
    }

    // One at a time, also across processes, because moving without overwriting is a look and then a move here; written aside, because a
    // reader must never see half a key.
    private static void Create(string path, Func<byte[]> make)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        using var turn = TakeTurn(path + ".lock");
        if (File.Exists(path))
        {
            return;
        }

        var aside = Path.Combine(folder, Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(aside, options))
        {
            file.Write(make());
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path);
    }

    /// <summary>
    /// The lock that the operating system drops with its holder, however that ends. It goes when its holder is done; whoever then still got
    /// hold of the old one finds the key made.
    /// </summary>
    private static FileStream TakeTurn(string path)
    {
        var wait = default(SpinWait);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (wait.Count < MostTurnsWaited)
            {
                wait.SpinOnce();
            }
        }
    }
}
