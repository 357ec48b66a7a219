namespace Stoa.Gateway.Storage;

/// <summary>What every append store accepts, checked before anything is sent or touched.</summary>
internal static class AppendLimits
{
    /// <summary>Bytes of one block.</summary>
    public const int MaxBlock = 4 * 1024 * 1024;

    /// <summary>Bytes of one read.</summary>
    public const int MaxRead = 32 * 1024 * 1024;

    /// <summary>Blocks of one blob in Blob Storage. Writers stop well before.</summary>
    public const int MaxBlocks = 50_000;

    public static void Check(string container, string name)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
    }

    public static void CheckAppend(string container, string name, ReadOnlyMemory<byte> block, long position)
    {
        Check(container, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(block.Length, 1, nameof(block));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.Length, MaxBlock, nameof(block));
        ArgumentOutOfRangeException.ThrowIfNegative(position);
    }

    public static void CheckRead(string container, string name, long from, int most)
    {
        Check(container, name);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MaxRead);
    }
}
