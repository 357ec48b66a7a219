using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>
/// Sends records of one instance, in their order, as one batch: as many of the first ones as fit, and at least one. Without a fault the receiver
/// has confirmed that it keeps all of the batch; with one it may have none of it, some or all.
/// </summary>
/// <param name="records">Lines without their ends, at least one.</param>
internal delegate ValueTask<SendResult> SendRecords(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct);

/// <summary>How a batch fared.</summary>
/// <param name="Count">Records in it.</param>
/// <param name="Fault">Null once the receiver has confirmed.</param>
internal readonly record struct SendResult(int Count, SendFault? Fault);

/// <summary>A place that records are streamed to.</summary>
/// <param name="Name">Stands in the names of its cursors: once chosen it stays.</param>
internal sealed record AuditStream(string Name, SendRecords Send)
{
    public const string EventHub = "event-hub";
    public const string Otlp = "otlp";
    public const string Webhook = "webhook";
}
