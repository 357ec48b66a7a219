using Stoa.Ledger.Checkpoints;

namespace Stoa.Ledger.Verification;

/// <summary>What to verify a ledger against. Without keys signatures are not checked.</summary>
internal sealed record VerifyOptions
{
    /// <summary>Public keys that are trusted to sign checkpoints.</summary>
    public IReadOnlyList<NoteKey> Keys { get; init; } = [];

    /// <summary>A checkpoint seen earlier: the log must begin with its tree.</summary>
    public Checkpoint? Older { get; init; }

    /// <summary>Blobs begun before this are taken as their tiles say, and not read.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Blobs begun at this time or later are taken as their tiles say, and not read.</summary>
    public DateTimeOffset? To { get; init; }

    public bool IsPartial => From is not null || To is not null;

    /// <summary>How far behind the newest sealed record bytes may be when they are sealed.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromHours(2);

    /// <summary>An instance that wrote this shortly before the newest record may still be running.</summary>
    public TimeSpan Running { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Records this shortly before the newest one need not be under a checkpoint: sealing takes its time. What is that young is counted, and no finding.</summary>
    public TimeSpan Settling { get; init; }

    // Differences, as a slot may be the last that there is.
    public bool Covers(DateTimeOffset slot) => (From is null || From - slot < Records.LedgerBlobName.SlotLength) && (To is null || slot < To);
}
