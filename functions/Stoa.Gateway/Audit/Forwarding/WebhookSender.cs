using System.Buffers;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>Who is told of records.</summary>
/// <param name="Secret"><c>whsec_...</c>, as Standard Webhooks has it.</param>
internal sealed record WebhookTarget(Uri Url, Secret Secret);

/// <summary>
/// Posts records to a webhook, signed as Standard Webhooks; fits <see cref="SendRecords"/>. Any 2xx confirms. The body is a JSON array with one record
/// per line, each with the ledger's own bytes; <c>webhook-id</c> is <c>{inst}-{first seq}-{last seq}</c>, so the same message has the same one.
/// </summary>
internal sealed class WebhookSender(WebhookTarget target, EgressClient egress, TimeProvider time)
{
    /// <summary>Bytes of a request; many receivers take no more than a megabyte.</summary>
    public const int MaxBytes = 1_000_000;

    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(30), 2 * MaxBytes, MaxRedirects: 0);

    public async ValueTask<SendResult> SendAsync(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct)
    {
        var (body, count) = BatchOf(records);
        var id = $"{instance}-{StreamedRecord.Read(records[0].Span).Sequence}-{StreamedRecord.Read(records[count - 1].Span).Sequence}";
        var now = time.GetUtcNow();
        using var request = WebhookRequest.Post(target.Url, id, now, body, target.Secret);
        var sent = await egress.SendAsync(request, Limits, ct);
        using var reply = sent.Value;
        return new(count, reply is null ? SendFault.Of(sent.Failure!) : reply.IsSuccess ? null : SendFault.Of(reply.Status, reply.RetryAfter(now)));
    }

    /// <summary>As many records as fit, the first in any case. No record has a line end in it, so lines are records here too.</summary>
    public static (byte[] Body, int Count) BatchOf(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var count = 0;
        foreach (var record in records)
        {
            if (count > 0 && output.WrittenCount + record.Length + 3 > MaxBytes)
            {
                break;
            }

            output.Write(count > 0 ? ",\n"u8 : "["u8);
            output.Write(record.Span);
            count++;
        }

        output.Write("]"u8);
        return (output.WrittenSpan.ToArray(), count);
    }
}
