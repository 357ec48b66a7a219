using Stoa.Gateway.Audit.Subjects;

namespace Stoa.Gateway.Audit.Records;

/// <summary>A content that its tenant wants kept: it is sealed when its record is written, since it is bound to that.</summary>
/// <param name="Of">The member that has its hash: <c>args</c> or <c>result</c>.</param>
/// <param name="Beginning">At most <see cref="Most"/> bytes.</param>
/// <param name="IsTruncated">There is more of it.</param>
internal sealed record CapturedContent(SubjectKey Key, string Of, ReadOnlyMemory<byte> Beginning, bool IsTruncated)
{
    /// <summary>Bytes of a content that are kept: sealed and in base64 they leave a record well under its limit.</summary>
    public const int Most = 8 * 1024;

    public static CapturedContent Take(SubjectKey key, string of, ReadOnlySpan<byte> content) =>
        new(key, of, content[..Math.Min(content.Length, Most)].ToArray(), content.Length > Most);
}
