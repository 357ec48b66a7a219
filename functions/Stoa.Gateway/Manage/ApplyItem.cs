using Stoa.Gateway.Kernel;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Manage;

/// <summary>One document on its way through an apply, and what became of it.</summary>
internal sealed class ApplyItem(int position, ResourceDocument document)
{
    /// <summary>From 1, in the order of the request.</summary>
    public int Position => position;

    public ResourceDocument Document => document;

    /// <summary>What a ToolSet comes to, read before anything is judged; null for other kinds.</summary>
    public Expansion? Expansion { get; set; }

    public ApplyVerdict Verdict { get; set; } = ApplyVerdict.Of(ApplyStatus.Unchanged, "");
}

/// <summary>How one document fared: wholly applied, or not at all and why.</summary>
internal sealed record ApplyVerdict(ApplyStatus Status, string? Version, IReadOnlyList<ResourceFault> Faults)
{
    /// <summary>What is stored now; null when there is nothing yet, or the document was refused.</summary>
    public Resource? Before { get; init; }

    /// <summary>What is stored then; null when nothing changes.</summary>
    public Resource? After { get; init; }

    /// <summary>What a ToolSet did to its tools; null for other kinds, and when it was refused.</summary>
    public ToolSetReport? ToolSet { get; init; }

    public bool IsApplied => Status is ApplyStatus.Created or ApplyStatus.Updated or ApplyStatus.Unchanged;

    public static ApplyVerdict Of(ApplyStatus status, string version) => new(status, version, []);

    public static ApplyVerdict Invalid(params ResourceFault[] faults) => new(ApplyStatus.Invalid, null, faults);

    public static ApplyVerdict Conflict(ResourceFault fault) => new(ApplyStatus.Conflict, null, [fault]);

    public static ApplyVerdict Forbidden(ResourceFault fault) => new(ApplyStatus.Forbidden, null, [fault]);
}

internal enum ApplyStatus
{
    Created,
    Unchanged,
    Updated,
    Invalid,
    Conflict,
    Forbidden,
}

/// <summary>What an apply is to do.</summary>
internal enum ApplyMode
{
    /// <summary>Store what is sound.</summary>
    Commit,

    /// <summary>Only say what would happen.</summary>
    DryRun,

    /// <summary>A dry run that also shows what each changed resource is and would be.</summary>
    Compare,
}
