using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Tables;

/// <summary>
/// A row on the wire. <c>Value</c> is Edm.Binary. <c>W</c> is the id of the last write, <c>Born</c> that of the insert, which merges leave
/// in place: by these two a write is found again after its answer was lost.
/// </summary>
internal sealed record TableEntity(Row Row, string W, string Born)
{
    // Not escaping keeps a key of 512 characters within 1.5 KB; the bytes go to a JSON parser, never into a page.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(RowChange change, string w)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (change.Value.Length * 4 / 3));
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("PartitionKey"u8, change.Partition);
            json.WriteString("RowKey"u8, change.Key);
            json.WriteString("Value@odata.type"u8, "Edm.Binary"u8);
            json.WriteBase64String("Value"u8, change.Value.Span);
            json.WriteString("W"u8, w);
            if (change.Kind is ChangeKind.Insert)
            {
                json.WriteString("Born"u8, w);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>An answer with one entity, whose version is in a header.</summary>
    public static TableEntity Read(ReadOnlySpan<byte> body, string? etag)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        return Read(ref json, etag);
    }

    /// <summary>An answer with many: <c>{"value":[{..},..]}</c>, each with its version inside.</summary>
    public static List<Row> ReadMany(ReadOnlySpan<byte> body)
    {
        var rows = new List<Row>();
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("value"u8))
            {
                json.Skip();
                continue;
            }

            json.Read();
            while (json.Read() && json.TokenType is JsonTokenType.StartObject)
            {
                rows.Add(Read(ref json, null).Row);
            }
        }

        return rows;
    }

    private static TableEntity Read(ref Utf8JsonReader json, string? etag)
    {
        var (partition, key, w, born) = ("", "", "", "");
        byte[] value = [];
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("PartitionKey"u8))
            {
                partition = Text(ref json);
            }
            else if (json.ValueTextEquals("RowKey"u8))
            {
                key = Text(ref json);
            }
            else if (etag is null && json.ValueTextEquals("odata.etag"u8))
            {
                etag = Text(ref json);
            }
            else if (json.ValueTextEquals("W"u8))
            {
                w = Text(ref json);
            }
            else if (json.ValueTextEquals("Born"u8))
            {
                born = Text(ref json);
            }
            else if (json.ValueTextEquals("Value"u8))
            {
                json.Read();
                value = json.GetBytesFromBase64();
            }
            else
            {
                json.Skip();
            }
        }

        return new(new(partition, key, value, new(etag ?? throw new JsonException("A stored row came without a version."))), w, born);
    }

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString() ?? "";
    }
}
