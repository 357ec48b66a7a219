using System.Text;
using System.Text.Json;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>The members of a record that receivers sort, group and search by; null where a record has none.</summary>
internal readonly record struct StreamedRecord(long Sequence, string Type, DateTimeOffset Time)
{
    public string? Id { get; init; }

    public string? Tenant { get; init; }

    public string? Consumer { get; init; }

    public string? Door { get; init; }

    public string? Target { get; init; }

    public string? Outcome { get; init; }

    public string? Trace { get; init; }

    /// <summary>Reads a line of the ledger, which is known to be a record.</summary>
    public static StreamedRecord Read(ReadOnlySpan<byte> line)
    {
        var record = new StreamedRecord(-1, "", DateTimeOffset.UnixEpoch);
        var json = new Utf8JsonReader(line);
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (json.TokenType is JsonTokenType.String)
            {
                record = record.With(name, ref json);
            }
            else if (json.TokenType is JsonTokenType.Number && name.SequenceEqual("seq"u8))
            {
                record = record with { Sequence = json.GetInt64() };
            }

            json.Skip();
        }

        return record;
    }

    private StreamedRecord With(ReadOnlySpan<byte> name, ref Utf8JsonReader json) => Encoding.ASCII.GetString(name) switch
    {
        "consumer" => this with { Consumer = json.GetString() },
        "door" => this with { Door = json.GetString() },
        "id" => this with { Id = json.GetString() },
        "outcome" => this with { Outcome = json.GetString() },
        "target" => this with { Target = json.GetString() },
        "tenant" => this with { Tenant = json.GetString() },
        "trace" => this with { Trace = json.GetString() },
        "ts" => RecordTime.TryParse(json.ValueSpan, out var time) ? this with { Time = time } : this,
        "type" => this with { Type = json.GetString()! },
        _ => this,
    };
}
