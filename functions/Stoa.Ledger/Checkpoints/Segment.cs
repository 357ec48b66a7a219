using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Checkpoints;

/// <summary>Whole lines of a ledger blob that became leaves together: bytes [From, To), which are Count records, the first with seq FirstSequence.</summary>
internal sealed record Segment(string Blob, long From, long To, long FirstSequence, long Count)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"blob":"{{Blob}}","count":{{Count}},"firstSeq":{{FirstSequence}},"from":{{From}},"to":{{To}}}""");

    /// <summary>Reads one object of a segment list; the reader stands on its start and is left on its end.</summary>
    public static bool TryRead(ref Utf8JsonReader json, [NotNullWhen(true)] out Segment? segment)
    {
        segment = null;
        var (blob, from, to, firstSequence, count) = ((string?)null, -1L, -1L, -1L, -1L);
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "blob" when json.TokenType is JsonTokenType.String:
                    blob = json.GetString();
                    break;
                case "from":
                    from = NumberOf(ref json);
                    break;
                case "to":
                    to = NumberOf(ref json);
                    break;
                case "firstSeq":
                    firstSequence = NumberOf(ref json);
                    break;
                case "count":
                    count = NumberOf(ref json);
                    break;
                default:
                    return false;
            }
        }

        if (blob is not null && Records.LedgerBlobName.TryParse(blob, out _) && from >= 0 && to > from && firstSequence >= 0 && count > 0 && count <= long.MaxValue - firstSequence)
        {
            segment = new(blob, from, to, firstSequence, count);
        }

        return segment is not null;
    }

    private static long NumberOf(ref Utf8JsonReader json) => json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var number) ? number : -1;
}

/// <summary>The file <c>segments/size</c>: the leaves that a checkpoint added, in their order, as a canonical JSON array.</summary>
internal sealed record SegmentList(IReadOnlyList<Segment> Segments)
{
    public const string Folder = "segments/";

    /// <summary>How many leaves these are.</summary>
    public long Count => Segments.Sum(s => s.Count);

    /// <summary>Where the list of the checkpoint of this size is kept.</summary>
    public static string NameOf(long size) => string.Create(CultureInfo.InvariantCulture, $"{Folder}{size}");

    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"[{string.Join(',', Segments)}]");

    /// <summary>What a checkpoint's <c>segments</c> line says of a list.</summary>
    public static Sha256Hash HashOf(ReadOnlySpan<byte> bytes) => MerkleHash.Sha256(bytes);

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SegmentList? list)
    {
        list = null;
        if (!CanonicalJson.IsCanonical(bytes) || bytes[0] != '[')
        {
            return false;
        }

        var segments = new List<Segment>();
        var total = 0L;
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.StartObject)
        {
            if (!Segment.TryRead(ref json, out var segment) || segment.Count > long.MaxValue - total)
            {
                return false;
            }

            total += segment.Count;
            segments.Add(segment);
        }

        list = json.TokenType is JsonTokenType.EndArray ? new(segments) : null;
        return list is not null;
    }
}
