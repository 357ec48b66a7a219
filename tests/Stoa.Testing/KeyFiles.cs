namespace Stoa.Testing;

/// <summary>Names of files for keys of gateways that keep all else in memory. They go with the process.</summary>
internal static class KeyFiles
{
    private static readonly string Root = Make();

    /// <summary>A path in a folder of its own, where nothing is yet.</summary>
    public static string New(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName, name);

    private static string Make()
    {
        var root = Directory.CreateTempSubdirectory("stoa-test-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(root);
        return root;
    }

    private static void Remove(string root)
    {
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (IOException)
        {
            // A gateway that a test left as a crash does may still write here, which must not end all tests in a crash.
        }
    }
}
