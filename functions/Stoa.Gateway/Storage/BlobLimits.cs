using System.Buffers;

namespace Stoa.Gateway.Storage;

/// <summary>What every blob store accepts, checked before anything is sent or touched; no accepted name can leave its container.</summary>
internal static class BlobLimits
{
    public const int MaxNameLength = 512;
    public const int MaxSegmentLength = 120;
    public const int MaxBytes = 32 * 1024 * 1024;
    public const int MaxPage = 5000;

    private static readonly SearchValues<char> ContainerCharacters = SearchValues.Create("-0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public static void CheckContainer(string container)
    {
        if (container.Length is < 3 or > 63 || container.AsSpan().ContainsAnyExcept(ContainerCharacters)
            || container[0] is '-' || container[^1] is '-' || container.Contains("--", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"Container name '{container}' is not 3 to 63 of a-z, 0-9 and single inner hyphens.", nameof(container));
        }
    }

    public static void CheckName(string name)
    {
        CheckPrefix(name);
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.Length is 0 or > MaxSegmentLength || segment[0] is '.' || segment[^1] is '.')
            {
                throw new ArgumentException(
                    $"A segment of a blob name is 1 to {MaxSegmentLength} characters without a dot at either end.", nameof(name));
            }
        }
    }

    public static void CheckContent(ReadOnlyMemory<byte> content) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxBytes, nameof(content));

    public static void CheckList(string prefix, int take)
    {
        CheckPrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, MaxPage);
    }

    private static void CheckPrefix(string name)
    {
        if (name.Length > MaxNameLength || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new ArgumentException(
                $"A blob name is at most {MaxNameLength} of a-z, A-Z, 0-9, dot, underscore, hyphen and slash.", nameof(name));
        }
    }
}
