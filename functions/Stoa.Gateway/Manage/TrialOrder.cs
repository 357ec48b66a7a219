using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Manage;

/// <summary>Body of a tool's test; everything may be left out. What is computed of it are methods: a property would be a member of the body.</summary>
/// <param name="Document">YAML or JSON text, or a JSON object: the tool as it might be, and Secrets that it needs.</param>
/// <param name="Send">When left out: yes for a tool that only reads, and a caller who may.</param>
internal sealed record TrialOrder(JsonElement? Arguments, JsonElement? Document, bool? Send, SampleOrder? SampleResponse)
{
    /// <summary>What the body gets wrong; null when nothing.</summary>
    public string? Complaint() => this switch
    {
        { Arguments: { ValueKind: not JsonValueKind.Object } } => "`arguments` must be an object.",
        { Document: { ValueKind: not (JsonValueKind.Object or JsonValueKind.String) } } => "`document` must be YAML or JSON as text, or a JSON object.",
        { Send: true, SampleResponse: not null } => "Either `send` or give a `sampleResponse`: with a sample nothing is sent.",
        { SampleResponse.Status: < 200 or > 599 } => "`sampleResponse.status` must be 200 to 599.",
        { SampleResponse.ContentType: { } type } when !type.All(char.IsAscii) || type.Any(char.IsControl) => "`sampleResponse.contentType` must be a media type.",
        _ => null,
    };

    /// <summary>Null when no document was given.</summary>
    public byte[]? DocumentBytes() => Document is { } document ? BytesOf(document, asJson: document.ValueKind is not JsonValueKind.String) : null;

    public SampleResponse? Sample()
    {
        if (SampleResponse is not { } sample)
        {
            return null;
        }

        var type = sample.ContentType ?? "application/json";
        var isText = sample.Body is { ValueKind: JsonValueKind.String } && !type.Contains("json", StringComparison.OrdinalIgnoreCase);
        return new(sample.Status ?? 200, type, sample.Body is { } body ? BytesOf(body, asJson: !isText) : default);
    }

    private static byte[] BytesOf(JsonElement value, bool asJson) => Encoding.UTF8.GetBytes(asJson ? value.GetRawText() : value.GetString()!);
}

/// <param name="Body">Any JSON; for other content types a string, the body as it is.</param>
internal sealed record SampleOrder(int? Status, string? ContentType, JsonElement? Body);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TrialOrder))]
internal sealed partial class TrialJson : JsonSerializerContext;
