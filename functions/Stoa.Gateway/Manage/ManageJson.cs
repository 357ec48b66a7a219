using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.OpenApi;

namespace Stoa.Gateway.Manage;

/// <summary>Answer of apply.</summary>
/// <param name="Results">One per document, in the order of the request.</param>
/// <param name="Revisions">The revision then in force, per tenant that was touched.</param>
internal sealed record ApplyReport(bool DryRun, IReadOnlyList<ApplyResult> Results, IReadOnlyDictionary<string, long> Revisions);

/// <summary>How one document fared.</summary>
/// <param name="Document">From 1.</param>
/// <param name="Status">created, unchanged, updated, invalid, conflict or forbidden.</param>
internal sealed record ApplyResult(int Document, string? Kind, string? Namespace, string? Name, string Status, string? Version, IReadOnlyList<ApplyFault>? Faults)
{
    /// <summary>The stored resource, when a comparison was asked for and it would change. Secret values are masked.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>What would be stored instead.</summary>
    public JsonElement? After { get; init; }

    /// <summary>For a ToolSet that was applied.</summary>
    public ToolSetReport? ToolSet { get; init; }
}

/// <summary>One thing wrong with a document; line and column from 1, in the whole request.</summary>
internal sealed record ApplyFault(int Line, int Column, string Path, string Reason);

/// <summary>What applying a ToolSet did to its tools.</summary>
/// <param name="SpecHash">SHA-256 of the description.</param>
/// <param name="Skipped">Operations that became no tool, and why.</param>
/// <param name="Findings">What works and still deserves a look.</param>
/// <param name="FilteredOut">How many operations the filters left out.</param>
internal sealed record ToolSetReport(
    string SpecHash, IReadOnlyList<ToolSetTool> Tools, IReadOnlyList<SkippedOperation> Skipped, IReadOnlyList<string> Findings, int FilteredOut);

/// <summary>One tool of a set.</summary>
/// <param name="Operation">As <c>GET /customers/{id}</c>; null for one that was deleted.</param>
/// <param name="Status">created, unchanged, updated or deleted.</param>
internal sealed record ToolSetTool(string Name, string? Operation, string Status);

/// <summary>Body of rollback.</summary>
internal sealed record RollbackRequest(long? Revision);

/// <summary>Answer of rollback.</summary>
internal sealed record RollbackReport(string Tenant, long Revision, long RolledBackTo);

/// <summary>Answer of revisions.</summary>
internal sealed record RevisionsReport(IReadOnlyList<RevisionEntry> Revisions);

internal sealed record RevisionEntry(long Revision, DateTimeOffset At, string By, string Summary, long? RolledBackTo, bool Deleted);

/// <summary>Body of issuing a key; everything may be left out.</summary>
/// <param name="Scopes">At most these of the consumer's scopes.</param>
/// <param name="Tools">At most these tools, names or prefixes ending in *.</param>
/// <param name="Addresses">Networks in CIDR notation that the key may be used from.</param>
/// <param name="ExpiresIn">A duration such as 90d, 12h or 30m.</param>
internal sealed record IssueKeyRequest(IReadOnlyList<string>? Scopes, IReadOnlyList<string>? Tools, IReadOnlyList<string>? Addresses, string? ExpiresIn);

/// <summary>Body of rotating a key.</summary>
/// <param name="Grace">How long the old key lives on, 24h when left out; 0s ends it at once.</param>
internal sealed record RotateKeyRequest(string? Grace);

/// <summary>A key as the management API shows it. <paramref name="Key"/> is there once, when it is issued.</summary>
internal sealed record KeyReport(
    string Id, string? Key, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? ReplacedBy,
    IReadOnlyList<string>? Scopes, IReadOnlyList<string>? Tools, IReadOnlyList<string>? Addresses);

internal sealed record KeysReport(IReadOnlyList<KeyReport> Keys);

/// <summary>Answer of usage.</summary>
internal sealed record UsageReport(string Namespace, IReadOnlyList<ScopeUsage> Scopes);

/// <summary>How one scope stands.</summary>
/// <param name="Scope">tenant, consumer, policy (shared by tools) or tool.</param>
internal sealed record ScopeUsage(string Scope, string? Name, IReadOnlyList<LimitUsage> Limits, ConcurrentUsage? ConcurrentRequests);

/// <summary>How one limit stands.</summary>
/// <param name="Used">All that counts against the limit now; above it where there is a debt.</param>
/// <param name="Held">At most so much of it is leased to instances and may come back unused.</param>
/// <param name="ResetsAt">When nothing is used any more if nothing is taken; null when nothing is used.</param>
internal sealed record LimitUsage(string Counts, string Per, long Limit, long Used, long Held, long Remaining, DateTimeOffset? ResetsAt);

/// <summary>Calls under way, and places that instances hold for the next ones.</summary>
internal sealed record ConcurrentUsage(int Limit, int Held);

/// <summary>Answer of a reset.</summary>
/// <param name="Reset">The scopes that had used something.</param>
internal sealed record UsageResetReport(string Namespace, IReadOnlyList<string> Reset);

internal sealed record Acknowledged(string Message);

/// <summary>Requests are read strictly: an unknown or repeated member is a mistake that must not pass unseen.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(ApplyReport))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(RollbackReport))]
[JsonSerializable(typeof(RevisionsReport))]
[JsonSerializable(typeof(IssueKeyRequest))]
[JsonSerializable(typeof(RotateKeyRequest))]
[JsonSerializable(typeof(KeyReport))]
[JsonSerializable(typeof(KeysReport))]
[JsonSerializable(typeof(SubscriptionMove))]
[JsonSerializable(typeof(UsageReport))]
[JsonSerializable(typeof(UsageBreakdown))]
[JsonSerializable(typeof(UsageResetReport))]
[JsonSerializable(typeof(Standing))]
[JsonSerializable(typeof(AuditFilesReport))]
[JsonSerializable(typeof(Acknowledged))]
internal sealed partial class ManageJson : JsonSerializerContext;
