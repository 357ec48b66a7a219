using Stoa.Gateway.Audit.Forwarding;

namespace Stoa.Gateway.Audit;

/// <summary>How long a record may take to become durable before new work is refused.</summary>
internal sealed record AuditSettings(TimeSpan Patience)
{
    /// <summary>The log's name in its checkpoints, once and for all: a log that has begun keeps the name it has.</summary>
    public string Origin { get; init; } = "stoa-audit";

    /// <summary>Told every new checkpoint; null when nobody is.</summary>
    public Uri? AnchorWebhook { get; init; }

    /// <summary>Gets every record as an OTLP log; null for nobody.</summary>
    public OtlpTarget? Otlp { get; init; }

    /// <summary>Gets every record as a signed message; null for nobody.</summary>
    public WebhookTarget? Webhook { get; init; }
}
