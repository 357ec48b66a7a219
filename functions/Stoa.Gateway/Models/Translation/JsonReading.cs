using System.Text.Json;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Looking into JSON that somebody else wrote: nothing here throws because of what it says.</summary>
internal static class JsonReading
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>One JSON object whose strings all have a UTF-8 form; null for anything else.</summary>
    public static JsonDocument? ParseObject(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span) || JsonText.HasLoneSurrogate(json.Span))
        {
            return null;
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    /// <summary>Whether the bytes are one JSON object and nothing else, with text that has a UTF-8 form.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        try
        {
            if (!Utf8.IsValid(json) || JsonText.HasLoneSurrogate(json) || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The member, or undefined when there is none, it is null, or this is no object.</summary>
    public static JsonElement Get(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    public static bool IsGiven(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public static bool IsString(this JsonElement element) => element.ValueKind == JsonValueKind.String;

    public static bool Is(this JsonElement element, ReadOnlySpan<byte> text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    public static bool IsTrue(this JsonElement element) => element.ValueKind == JsonValueKind.True;

    public static Text AsText(this JsonElement element) => new(element);

    public static string? AsString(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    public static bool? AsBool(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static long? AsLong(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) ? value : null;

    /// <summary>A count: zero when it is not given or makes no sense.</summary>
    public static long AsCount(this JsonElement element) => Math.Max(0, element.AsLong() ?? 0);

    /// <summary>The items of an array; none when it is none.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : default;
}
