using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>
/// Records as an <c>ExportLogsServiceRequest</c> in OTLP's JSON encoding: names in lowerCamelCase, 64-bit numbers as decimal strings, enumerations
/// as numbers, trace ids in hex. The body of each log record is the ledger's line; attributes repeat what is searched by.
/// </summary>
internal static class OtlpLogs
{
    /// <summary>Bytes of a request, far below the 20 MiB that the specification recommends to receivers.</summary>
    public const int MaxBytes = 1_000_000;

    // SEVERITY_NUMBER_INFO and SEVERITY_NUMBER_WARN
    private const int Info = 9;
    private const int Warn = 13;

    private const int NanosecondsPerTick = 100;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>As many records as fit, the first in any case.</summary>
    public static (byte[] Body, int Count) BatchOf(InstanceId instance, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var text = instance.ToString();
        output.Write(HeadOf(text));
        var count = 0;
        foreach (var record in records)
        {
            var item = ItemOf(text, record.Span);
            if (count > 0 && output.WrittenCount + item.Length + Tail.Length + 1 > MaxBytes)
            {
                break;
            }

            output.Write(count > 0 ? ","u8 : default);
            output.Write(item);
            count++;
        }

        output.Write(Tail);
        return (output.WrittenSpan.ToArray(), count);
    }

    // An instance's name is hex.
    private static byte[] HeadOf(string instance) => Encoding.ASCII.GetBytes(
        $$$"""{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"stoa-gateway"}},{"key":"service.instance.id","value":{"stringValue":"{{{instance}}}"}}]},"scopeLogs":[{"scope":{"name":"stoa.audit"},"logRecords":[""");

    private static ReadOnlySpan<byte> Tail => "]}]}]}"u8;

    private static ReadOnlySpan<byte> ItemOf(string instance, ReadOnlySpan<byte> line)
    {
        var record = StreamedRecord.Read(line);
        var output = new ArrayBufferWriter<byte>(line.Length + (line.Length / 4) + 1000);
        using var json = new Utf8JsonWriter(output, Options);
        var nanoseconds = ((record.Time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
        var isWorthALook = record.Outcome is not (null or "ok" or "cancelled");
        json.WriteStartObject();
        json.WriteString("timeUnixNano"u8, nanoseconds);
        json.WriteString("observedTimeUnixNano"u8, nanoseconds);
        json.WriteNumber("severityNumber"u8, isWorthALook ? Warn : Info);
        json.WriteString("severityText"u8, isWorthALook ? "WARN" : "INFO");
        json.WriteString("eventName"u8, "stoa.audit." + record.Type);
        json.WriteStartObject("body"u8);
        json.WriteString("stringValue"u8, line);
        json.WriteEndObject();
        json.WriteStartArray("attributes"u8);

        // Receivers that are older than eventName look here.
        WriteText(json, "event.name", "stoa.audit." + record.Type);
        WriteText(json, "stoa.audit.inst", instance);
        WriteNumber(json, "stoa.audit.seq", record.Sequence);
        WriteText(json, "stoa.audit.type", record.Type);
        WriteText(json, "stoa.audit.id", record.Id);
        WriteText(json, "stoa.tenant", record.Tenant);
        WriteText(json, "stoa.consumer", record.Consumer);
        WriteText(json, "stoa.door", record.Door);
        WriteText(json, "stoa.audit.target", record.Target);
        WriteText(json, "stoa.outcome", record.Outcome);
        json.WriteEndArray();
        if (record.Trace is { } trace && IsTraceId(trace))
        {
            json.WriteString("traceId"u8, trace);
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan;
    }

    private static void WriteText(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
        {
            Begin(json, key);
            json.WriteString("stringValue"u8, value);
            End(json);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string key, long value)
    {
        Begin(json, key);
        json.WriteString("intValue"u8, value.ToString(CultureInfo.InvariantCulture));
        End(json);
    }

    private static void Begin(Utf8JsonWriter json, string key)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteStartObject("value"u8);
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // All zeroes are none (W3C Trace Context, 3.2.2.3).
    private static bool IsTraceId(string trace) =>
        trace.Length == 32 && !trace.AsSpan().ContainsAnyExcept(HexDigits) && trace.AsSpan().ContainsAnyExcept('0');
}
