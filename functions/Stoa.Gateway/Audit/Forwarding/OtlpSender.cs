using System.Net.Http.Headers;
using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>Where records go as OTLP logs.</summary>
/// <param name="Logs">The whole URL, such as <c>https://collector.example.com/v1/logs</c>.</param>
/// <param name="Headers">For every request; values are credentials.</param>
internal sealed record OtlpTarget(Uri Logs, IReadOnlyList<KeyValuePair<string, Secret>> Headers);

/// <summary>
/// Sends records as OTLP logs over HTTP in JSON; fits <see cref="SendRecords"/>. Confirmed by a 2xx that rejects none. What the specification calls not
/// retryable is a refusal: it would have the records dropped, and those of an audit ledger may not be, so they are kept and offered again.
/// </summary>
internal sealed class OtlpSender(OtlpTarget target, EgressClient egress, TimeProvider time)
{
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(30), 1024 * 1024, MaxRedirects: 0);

    public async ValueTask<SendResult> SendAsync(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct)
    {
        var (body, count) = OtlpLogs.BatchOf(instance, records);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Logs) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", EgressClient.UserAgent);
        foreach (var (name, value) in target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value.Reveal());
        }

        var sent = await egress.SendAsync(request, Limits, ct);
        using var reply = sent.Value;
        return new(count, reply is null ? SendFault.Of(sent.Failure!) : reply.IsSuccess ? RejectionOf(reply.Body.Span, count) : FaultOf(reply));
    }

    // Of 5xx the specification has these three repeated and no other; 408 is not among what it has repeated either.
    private SendFault FaultOf(EgressReply reply)
    {
        var fault = SendFault.Of(reply.Status, reply.RetryAfter(time.GetUtcNow()));
        return reply.Status is 408 or 425 or (>= 500 and not (502 or 503 or 504)) ? fault with { Kind = SendFaultKind.Refused } : fault;
    }

    /// <summary>Null when all is taken: an empty body, or an ExportLogsServiceResponse that rejects none.</summary>
    public static SendFault? RejectionOf(ReadOnlySpan<byte> body, int count)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        if (RejectedOf(body) is not { } rejected)
        {
            return new(SendFaultKind.Refused, "its answer is none of OTLP in JSON, so something else than a receiver of logs may be there");
        }

        return rejected == 0 ? null : new(SendFaultKind.BatchRefused, $"it rejected {rejected} of {count} log records");
    }

    // Null for what is no such answer. The mapping of int64 is a string, and readers take numbers too.
    private static long? RejectedOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var answer = JsonElement.Parse(body);
            if (answer.ValueKind is not JsonValueKind.Object)
            {
                return null;
            }

            if (!answer.TryGetProperty("partialSuccess"u8, out var partial) || partial.ValueKind is JsonValueKind.Null)
            {
                return 0;
            }

            if (partial.ValueKind is not JsonValueKind.Object)
            {
                return null;
            }

            return !partial.TryGetProperty("rejectedLogRecords"u8, out var rejected) || rejected.ValueKind is JsonValueKind.Null ? 0
                : rejected.ValueKind is JsonValueKind.Number && rejected.TryGetInt64(out var number) ? number
                : rejected.ValueKind is JsonValueKind.String && long.TryParse(rejected.GetString(), System.Globalization.CultureInfo.InvariantCulture, out number) ? number
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
