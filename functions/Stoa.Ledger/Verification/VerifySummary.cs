using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Verification;

/// <summary>What was verified.</summary>
internal sealed record VerifySummary
{
    /// <summary>Of the log; null when there is no checkpoint.</summary>
    public string? Origin { get; init; }

    /// <summary>Leaves of the log.</summary>
    public long Size { get; init; }

    /// <summary>The root of the last checkpoint; null when there is none that can be trusted.</summary>
    public Sha256Hash? Root { get; init; }

    public long Checkpoints { get; init; }

    /// <summary>Records read, sealed or not.</summary>
    public long Records { get; init; }

    /// <summary>Of them, those that no checkpoint covers.</summary>
    public long Unsealed { get; init; }

    public int Instances { get; init; }

    /// <summary>Instances that have not closed and may be running.</summary>
    public int Running { get; init; }

    /// <summary>Their calls that have not ended.</summary>
    public int OpenCalls { get; init; }

    public DateTimeOffset? Oldest { get; init; }

    public DateTimeOffset? Newest { get; init; }
}
