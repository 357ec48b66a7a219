using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>Sums as a row's value: a JSON array with an array per sum, <c>["bot","model","gpt-5","azure",calls,errors,input,output,cached,reasoning,microUsd,unpriced,micros]</c>.</summary>
internal static class UsageCodec
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(IEnumerable<KeyValuePair<UsageKey, UsageSums>> entries)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartArray();
        foreach (var (key, sums) in entries)
        {
            json.WriteStartArray();
            json.WriteStringValue(key.Consumer);
            json.WriteStringValue(key.Kind is UsageKind.Model ? "model"u8 : "tool"u8);
            json.WriteStringValue(key.Name);
            json.WriteStringValue(key.Provider);
            ReadOnlySpan<long> numbers = [sums.Calls, sums.Errors, sums.Input, sums.Output, sums.Cached, sums.Reasoning, sums.MicroUsd, sums.Unpriced, sums.Micros];
            foreach (var number in numbers)
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> for a row that this version cannot read: a sum without it would be wrong.</summary>
    public static IReadOnlyList<KeyValuePair<UsageKey, UsageSums>> Read(Row row) => TryRead(row)
        ?? throw new InvalidDataException($"The usage row '{row.Partition}/{row.Key}' cannot be read by this version. Upgrade every instance, or delete the row.");

    /// <summary>Null when it is damaged or of another version.</summary>
    public static IReadOnlyList<KeyValuePair<UsageKey, UsageSums>>? TryRead(Row row)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Value);
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static KeyValuePair<UsageKey, UsageSums> Read(JsonElement entry) => new(
        new(Text(entry[0]), entry[1].ValueEquals("model"u8) ? UsageKind.Model : UsageKind.Tool, Text(entry[2]), Text(entry[3])),
        new(entry[4].GetInt64(), entry[5].GetInt64(), entry[6].GetInt64(), entry[7].GetInt64(), entry[8].GetInt64(), entry[9].GetInt64(),
            entry[10].GetInt64(), entry[11].GetInt64(), entry[12].GetInt64()));

    private static string Text(JsonElement value) => value.GetString() ?? throw new JsonException();
}
