using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Checkpoints;

/// <summary>
/// A C2SP checkpoint: which log, how many leaves, their root. Two extension lines tie it to its segment list and to the checkpoint before.
/// </summary>
/// <param name="Origin">The log's name: the first line, and the key's name in the signature.</param>
/// <param name="Segments">SHA-256 of the file <c>segments/size</c>.</param>
/// <param name="Previous">The size of the checkpoint before; 0 for the first.</param>
internal sealed record Checkpoint(string Origin, long Size, Sha256Hash Root, Sha256Hash Segments, long Previous)
{
    public const string Folder = "checkpoints/";

    private const string SegmentsPrefix = "segments ";
    private const string PreviousPrefix = "previous ";

    /// <summary>Where the checkpoint of a tree of this size is kept.</summary>
    public static string NameOf(long size) => string.Create(CultureInfo.InvariantCulture, $"{Folder}{size}");

    /// <summary>The text to sign.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Origin}\n{Size}\n{Root.ToBase64()}\n{SegmentsPrefix}{Segments.ToBase64()}\n{PreviousPrefix}{Previous}\n");

    /// <summary>Reads the text of a note. Extension lines after the two known ones are left aside.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text.Split('\n') is not [{ Length: > 0 } origin, var size, var root, var segments, var previous, .. var rest]
            || rest is not [.., ""] || rest.AsSpan(0, rest.Length - 1).Contains("")
            || !TryParseSize(size, out var n) || !Sha256Hash.TryParseBase64(root, out var r)
            || !segments.StartsWith(SegmentsPrefix, StringComparison.Ordinal) || !Sha256Hash.TryParseBase64(segments[SegmentsPrefix.Length..], out var s)
            || !previous.StartsWith(PreviousPrefix, StringComparison.Ordinal) || !TryParseSize(previous[PreviousPrefix.Length..], out var p) || p >= n)
        {
            return false;
        }

        checkpoint = new(origin, n, r, s, p);
        return true;
    }

    /// <summary>A decimal number as checkpoints and their names have it: no sign, no leading zeros.</summary>
    public static bool TryParseSize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && (text.Length == 1 || text[0] != '0');
}
