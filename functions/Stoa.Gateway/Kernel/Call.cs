using System.Diagnostics;
using System.Text.Json;

namespace Stoa.Gateway.Kernel;

/// <summary>
/// One unit of governed work on its way through the call pipeline. A door fills the first part, stages the second. What a call of a model
/// adds to it stands in the slice of models.
/// </summary>
public class Call(Caller caller, Operation operation, string door)
{
    public Caller Caller => caller;

    public Operation Operation => operation;

    /// <summary>The wire protocol it came by, for example <c>mcp</c> or <c>rest</c>.</summary>
    public string Door => door;

    /// <summary>The revision of MCP that is spoken; null on other doors.</summary>
    public string? Protocol { get; init; }

    /// <summary>The tool or model as the caller named it; empty for operations without one.</summary>
    public string TargetName { get; init; } = "";

    /// <summary>A JSON object, duplicate keys already refused; undefined for operations without arguments.</summary>
    public JsonElement Arguments { get; init; }

    /// <summary>What was asked for, as bytes, where that is not <see cref="Arguments"/>; lives as long as the call.</summary>
    public virtual ReadOnlyMemory<byte> Content => default;

    /// <summary>Whether its answer goes to the caller piece by piece, as it comes.</summary>
    public virtual bool IsStreamed => false;

    /// <summary>For whom the caller calls, as it says; null when it says nothing.</summary>
    public virtual string? EndUser => null;

    /// <summary>What the caller's program says it is, for example <c>claude-code/2.1</c>; null when it says nothing.</summary>
    public string? Agent { get; init; }

    /// <summary>W3C trace id, also in the response header <c>x-stoa-trace-id</c>.</summary>
    public string TraceId { get; init; } = "";

    /// <summary><see cref="TimeProvider.GetTimestamp"/> at the start.</summary>
    public long StartedAt { get; init; }

    /// <summary>How far it has come; set by the pipeline.</summary>
    public CallStage Stage { get; set; }

    /// <summary>Set by the resolve stage.</summary>
    public Target? Target { get; set; }

    /// <summary>What it may use at most, as far as its target knows that; null for a call that counts by the bytes of its arguments and answer.</summary>
    public Demand? Demand { get; set; }

    /// <summary>Set by the quota stage when tokens or money are limited: the most output tokens that were reserved. Null: no limit to keep.</summary>
    public long? OutputBound { get; set; }

    /// <summary>Set by the quota stage: how long the work may take; null for no limit but the target's own.</summary>
    public TimeSpan? MaxDuration { get; set; }

    /// <summary>What a model used for it, whatever the outcome; set by the terminal, before it returns or throws.</summary>
    public Spent? Spent { get; set; }

    /// <summary>Who served it; null for a call of anything but a model.</summary>
    public virtual ModelUse? Use => null;

    /// <summary>What the read cache did for the call; set by the terminal.</summary>
    public CacheUse CacheUse { get; set; }

    /// <summary>The call's span, when traces are taken.</summary>
    public Activity? Span { get; set; }

    /// <summary>True between the gate's entry and exit, so that exit happens exactly once.</summary>
    public bool HoldsSlot { get; set; }

    /// <summary>What the quota stage keeps until settlement; its own affair.</summary>
    public object? Reserved { get; set; }

    /// <summary>What the audit stage keeps until settlement; its own affair.</summary>
    public object? Intended { get; set; }

    /// <summary>Set by the audit stage where the answer is a stream: a relay tells it what it gives the caller.</summary>
    public GivenContent? Given { get; set; }

    /// <summary>
    /// Set by the audit stage. A relay asks with its answer, and the bytes that end it, before it gives those: false when the call is not on
    /// record in time, and then they are kept back. What the call has used is known by then.
    /// </summary>
    public Func<Answer, ReadOnlyMemory<byte>, ValueTask<bool>> MayEnd { get; set; } = static (_, _) => new(true);

    /// <summary>How the caller's limits stand, for headers; empty when it has none.</summary>
    public IReadOnlyList<Allowance> Allowances { get; set; } = [];

    /// <summary>How it ended; one of the two is set when settlement runs, both null when the caller left first.</summary>
    public Refusal? Refusal { get; set; }

    public Answer? Answer { get; set; }
}

/// <summary>What a call asks for; decides the scope that it needs before its target is known.</summary>
public enum Operation
{
    Discover,
    ListTools,
    CallTool,
    ListModels,
    CallModel,

    /// <summary>Asks how many tokens a request to a model has. Uses none.</summary>
    CountTokens,
}

/// <summary>What a call is for, once resolved.</summary>
public abstract class Target
{
    public abstract string Name { get; }

    public abstract Scopes RequiredScope { get; }

    /// <summary>When its calls must be on record.</summary>
    public virtual AuditMode Audit => AuditMode.Buffered;

    /// <summary>Limits of its own, beside those of its caller; null for none.</summary>
    public virtual TargetQuota? Quota => null;
}

/// <summary>One step of the corridor: null to go on, a refusal to end it.</summary>
public delegate ValueTask<Refusal?> Stage(Call call, CancellationToken ct);

/// <summary>The work itself, once admitted.</summary>
public delegate ValueTask<Answer> Terminal(Call call, CancellationToken ct);
