namespace Stoa.Contracts.Tests.Storage;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("stoa-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
