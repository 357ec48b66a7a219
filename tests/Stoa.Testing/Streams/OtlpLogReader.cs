using System.Globalization;
using System.Text.Json;

namespace Stoa.Testing.Streams;

/// <summary>
/// Reads an ExportLogsServiceRequest in JSON as strictly as the specification allows a writer to be: only fields that the messages have, each of
/// its type in OTLP's JSON mapping, none twice. What is wrong throws, with its path.
/// </summary>
/// <remarks>Written from opentelemetry/proto/{collector/logs,logs,resource,common}/v1 and from "JSON Protobuf Encoding" of the OTLP specification.</remarks>
public static class OtlpLogReader
{
    private static readonly Dictionary<string, Dictionary<string, string>> Messages = new()
    {
        ["ExportLogsServiceRequest"] = new() { ["resourceLogs"] = "ResourceLogs*" },
        ["ResourceLogs"] = new() { ["resource"] = "Resource", ["scopeLogs"] = "ScopeLogs*", ["schemaUrl"] = "string" },
        ["Resource"] = new() { ["attributes"] = "KeyValue*", ["droppedAttributesCount"] = "uint32" },
        ["ScopeLogs"] = new() { ["scope"] = "InstrumentationScope", ["logRecords"] = "LogRecord*", ["schemaUrl"] = "string" },
        ["InstrumentationScope"] = new() { ["name"] = "string", ["version"] = "string", ["attributes"] = "KeyValue*", ["droppedAttributesCount"] = "uint32" },
        ["LogRecord"] = new()
        {
            ["timeUnixNano"] = "fixed64",
            ["observedTimeUnixNano"] = "fixed64",
            ["severityNumber"] = "enum",
            ["severityText"] = "string",
            ["body"] = "AnyValue",
            ["attributes"] = "KeyValue*",
            ["droppedAttributesCount"] = "uint32",
            ["flags"] = "uint32",
            ["traceId"] = "hex16",
            ["spanId"] = "hex8",
            ["eventName"] = "string",
        },
        ["KeyValue"] = new() { ["key"] = "string", ["value"] = "AnyValue" },
        ["AnyValue"] = new() { ["stringValue"] = "string", ["boolValue"] = "bool", ["intValue"] = "int64", ["doubleValue"] = "double" },
    };

    /// <summary>All log records, in their order.</summary>
    public static IReadOnlyList<OtlpLog> Read(ReadOnlySpan<byte> body)
    {
        var request = JsonElement.Parse(body);
        Check(request, "ExportLogsServiceRequest", "");
        return
        [
            .. from resource in request.GetProperty("resourceLogs").EnumerateArray()
               let service = Attributes(resource.GetProperty("resource"))
               from scope in resource.GetProperty("scopeLogs").EnumerateArray()
               from record in scope.GetProperty("logRecords").EnumerateArray()
               select new OtlpLog(record, service, Attributes(record)),
        ];
    }

    private static Dictionary<string, string> Attributes(JsonElement owner) => owner.GetProperty("attributes").EnumerateArray()
        .ToDictionary(a => a.GetProperty("key").GetString()!, a => a.GetProperty("value").EnumerateObject().Single().Value.ToString());

    private static void Check(JsonElement value, string type, string path)
    {
        if (type.EndsWith('*'))
        {
            Demand(value.ValueKind is JsonValueKind.Array, path, "an array");
            value.EnumerateArray().ToList().ForEach(item => Check(item, type[..^1], path + "[]"));
        }
        else if (Messages.TryGetValue(type, out var fields))
        {
            Demand(value.ValueKind is JsonValueKind.Object, path, "an object");
            Demand(value.EnumerateObject().DistinctBy(m => m.Name).Count() == value.EnumerateObject().Count(), path, "without a name twice");
            Demand(type != "AnyValue" || value.EnumerateObject().Count() == 1, path, "one value");
            foreach (var member in value.EnumerateObject())
            {
                Demand(fields.TryGetValue(member.Name, out var field), $"{path}.{member.Name}", $"a field of {type}");
                Check(member.Value, field!, $"{path}.{member.Name}");
            }
        }
        else
        {
            Demand(IsScalar(value, type), path, type);
        }
    }

    private static bool IsScalar(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind is JsonValueKind.String,
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "double" => value.ValueKind is JsonValueKind.Number,
        "uint32" => value.ValueKind is JsonValueKind.Number && value.TryGetUInt32(out _),
        "enum" => value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number is > 0 and <= 24,
        "fixed64" => value.ValueKind is JsonValueKind.String && ulong.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time > 0,
        "int64" => value.ValueKind is JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "hex16" => IsHex(value, 16),
        "hex8" => IsHex(value, 8),
        _ => throw new InvalidOperationException($"No type {type}."),
    };

    private static bool IsHex(JsonElement value, int bytes) =>
        value.ValueKind is JsonValueKind.String && value.GetString() is { } text && text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit) && text.Any(c => c != '0');

    private static void Demand(bool holds, string path, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException($"OTLP: {path} is not {what}.");
        }
    }
}

/// <summary>A log record as it came, with its attributes as text.</summary>
public sealed record OtlpLog(JsonElement Record, IReadOnlyDictionary<string, string> Resource, IReadOnlyDictionary<string, string> Attributes)
{
    public string Body => Record.GetProperty("body").GetProperty("stringValue").GetString()!;
}
