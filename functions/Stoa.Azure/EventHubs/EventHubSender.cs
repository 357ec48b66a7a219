using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Stoa.Azure.KeyVault;
using Stoa.Azure.Rest;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Ledger.Records;

namespace Stoa.Azure.EventHubs;

/// <summary>
/// Sends records to an event hub over HTTPS, a batch per request: <c>POST {hub}/messages</c>, at most 1 MB of JSON, all or nothing, 201 once the
/// hub keeps it. Fits <see cref="SendRecords"/>. The batch's partition key is the instance, so that one partition has it in order where the hub
/// honours the key in a batch; nobody may rely on that, see docs/audit-sealing.md.
/// </summary>
internal sealed class EventHubSender
{
    /// <summary>Bytes of a request; the limit of the Standard and Premium tiers, with room to spare.</summary>
    public const int MaxBytes = 1_000_000;

    private const string Path = "/messages?timeout=60&api-version=2014-01";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Uri _uri;
    private readonly HttpPipeline _pipeline;

    public EventHubSender(HubEndpoint hub, EventHubOptions options)
    {
        _uri = new Uri(hub.Uri.AbsoluteUri.TrimEnd('/') + Path);
        _pipeline = HttpPipelineBuilder.Build(options, hub.Authorization);
    }

    public async ValueTask<SendResult> SendAsync(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct)
    {
        var (body, count) = BatchOf(instance, records);
        using var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(_uri);
        message.Request.Headers.Add("Content-Type", "application/vnd.microsoft.servicebus.json");
        message.Request.Content = RequestContent.Create(body);

        // The forwarder repeats, from its cursor.
        message.ResponseClassifier = SendOnce.Instance;
        try
        {
            await _pipeline.SendAsync(message, ct);
        }
        catch (Exception e) when (KeyVaultFaults.IsUnavailable(e, ct))
        {
            return new(count, new(SendFaultKind.Unavailable, "it does not answer"));
        }

        return new(count, message.Response.Status == 201 ? null : SendFault.Of(message.Response.Status, RetryAfter(message.Response)));
    }

    private static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>As many records as fit, the first in any case: <c>[{"Body", "BrokerProperties": {"PartitionKey"}, "UserProperties": {"inst"}}]</c>.</summary>
    public static (byte[] Body, int Count) BatchOf(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("["u8);
        var key = instance.ToString();
        var count = 0;
        foreach (var record in records)
        {
            var item = ItemOf(key, record.Span);
            if (count > 0 && output.WrittenCount + item.Length + 2 > MaxBytes)
            {
                break;
            }

            output.Write(count > 0 ? ","u8 : default);
            output.Write(item);
            count++;
        }

        output.Write("]"u8);
        return (output.WrittenSpan.ToArray(), count);
    }

    private static ReadOnlySpan<byte> ItemOf(string instance, ReadOnlySpan<byte> record)
    {
        var output = new ArrayBufferWriter<byte>(record.Length + (record.Length / 4) + 200);
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("Body"u8, record);
        json.WriteStartObject("BrokerProperties"u8);
        json.WriteString("PartitionKey"u8, instance);
        json.WriteEndObject();
        json.WriteStartObject("UserProperties"u8);
        json.WriteString("inst"u8, instance);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan;
    }
}

/// <summary>Transport and diagnostics of the pipeline to the event hub.</summary>
internal sealed class EventHubOptions : ClientOptions;
