using Stoa.Gateway.Kernel;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Records;

/// <summary>
/// What goes on record of one step: names, decisions, sizes and keyed hashes, never contents. What is null is left out. The chain (instance,
/// sequence, previous hash, time) is added by the writer.
/// </summary>
internal sealed record AuditRecord(RecordType Type)
{
    /// <summary>Of an outcome: the sequence of its intent, which the same instance wrote.</summary>
    public long Intent { get; init; }

    public Revision? Revision { get; init; }

    /// <summary>Whose affair it is when no revision says so: a platform administrator changes some tenant.</summary>
    public string? Tenant { get; init; }

    public Caller? Caller { get; init; }

    public string? Agent { get; init; }

    /// <summary>For whom the caller called, as it said: the keyed hash.</summary>
    public Sha256Hash? User { get; init; }

    /// <summary>The wire protocol, for example <c>mcp</c>, <c>rest</c> or <c>manage</c>.</summary>
    public string? Door { get; init; }

    public string? Protocol { get; init; }

    /// <summary>What was asked for, in MCP's words or as method and route of the management API.</summary>
    public string? Operation { get; init; }

    public string? Target { get; init; }

    public string? Trace { get; init; }

    /// <summary>How far the call came; null for what passes no stages.</summary>
    public CallStage? Stage { get; init; }

    /// <summary>The stage named by <see cref="Stage"/> refused it.</summary>
    public bool IsDenied { get; init; }

    /// <summary><c>closed</c> or <c>buffered</c>, of an intent.</summary>
    public AuditMode? Mode { get; init; }

    /// <summary>How limits stood after the reservation.</summary>
    public IReadOnlyList<Allowance> Quota { get; init; } = [];

    public Spent? Spent { get; init; }

    public UpstreamTrace? Upstream { get; init; }

    public long? Milliseconds { get; init; }

    /// <summary><c>ok</c>, <c>tool_error</c>, <c>cancelled</c>, or the name of a refusal.</summary>
    public string? Outcome { get; init; }

    /// <summary>The answer, or the end of a stream, was kept back since the call was not on record in time.</summary>
    public bool IsWithheld { get; init; }

    public Fingerprint? Arguments { get; init; }

    public Fingerprint? Result { get; init; }

    /// <summary>What <see cref="Arguments"/> or <see cref="Result"/> are of, where the tenant wants that kept.</summary>
    public CapturedContent? Content { get; init; }

    public IReadOnlyList<Change> Changes { get; init; } = [];

    public IReadOnlyList<Tally> Counts { get; init; } = [];

    /// <summary>Of a close.</summary>
    public (long Sequence, Sha256Hash Hash)? Last { get; init; }
}

/// <summary>What an upstream did: whether it was reached (null: not tried) and its HTTP status (0: none).</summary>
internal readonly record struct UpstreamTrace(bool? IsReached, int Status);

/// <summary>A content by its keyed hash (HMAC-SHA256 under the subject's key) and its size in bytes; no hash when the key could not be had.</summary>
internal readonly record struct Fingerprint(Sha256Hash? Keyed, long Bytes);

/// <summary>One thing that a management request changed, by its names.</summary>
internal sealed record Change(string Action, string Kind, string Name, string? Tenant = null, string? Version = null);

/// <summary>So many of a kind, since the last note.</summary>
internal readonly record struct Tally(string Reason, long Count);
