namespace Stoa.Ledger.Verification;

/// <summary>The files of a ledger, under the names of the blobs: <c>ledger/...</c>, <c>tile/...</c>, <c>checkpoints/...</c>, <c>segments/...</c>, <c>registry.jsonl</c>.</summary>
internal abstract class LedgerSource
{
    /// <summary>The names that start with a folder's, in any order.</summary>
    public abstract IEnumerable<string> List(string folder);

    /// <summary>The file, seekable; null when there is none.</summary>
    public abstract Stream? Open(string name);

    /// <summary>All of a small file; null when there is none or when it is longer than that.</summary>
    public byte[]? Read(string name, int most)
    {
        using var stream = Open(name);
        if (stream is null || stream.Length > most)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
