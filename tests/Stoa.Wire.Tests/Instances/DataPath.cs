namespace Stoa.Wire.Tests.Instances;

/// <summary>A folder that goes with the test.</summary>
internal sealed class DataPath : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("stoa-").FullName;

    /// <summary>All files in it, save the one that a living gateway holds locked, as Latin-1.</summary>
    public string Everything => string.Concat(Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Where(f => f != System.IO.Path.Combine(Path, "lock")).Select(f => File.ReadAllText(f, System.Text.Encoding.Latin1)));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
