namespace Stoa.Gateway.Audit;

/// <summary>How long a record may take to become durable before new work is refused.</summary>
internal sealed record AuditSettings(TimeSpan Patience);
