namespace Stoa.Ledger.Verification;

/// <summary>What is wrong, and where: the file, the byte in it, the record, its leaf in the tree. What does not apply is null.</summary>
internal sealed record Finding(FindingKind Kind, string File, string Message)
{
    public long? Offset { get; init; }

    /// <summary>The record's <c>seq</c>.</summary>
    public long? Sequence { get; init; }

    /// <summary>The record's <c>id</c>, as it stands there now.</summary>
    public string? Id { get; init; }

    public long? TreeIndex { get; init; }

    /// <summary>Of a root that differs, where it cannot be told which record did it: those it can be, as blob and seq.</summary>
    public IReadOnlyList<(string Blob, long Sequence)> Suspects { get; init; } = [];

    /// <summary>Whether somebody must have done this; what a crash or a running system also leaves is a gap.</summary>
    public bool IsTampering => Kind < FindingKind.MissingClose;

    public string Name => NameOf(Kind);

    /// <summary><c>AlteredRecord</c> is <c>altered-record</c>.</summary>
    public static string NameOf(FindingKind kind) =>
        string.Concat(kind.ToString().Select((c, at) => char.IsAsciiLetterUpper(c) ? $"{(at > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
