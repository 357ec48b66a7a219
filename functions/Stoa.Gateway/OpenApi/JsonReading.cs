using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>Asks a document for what may be missing or of another type: then there is no answer, and no exception.</summary>
internal static class JsonReading
{
    /// <summary>Bytes. A text that a thousand operations share would otherwise be read a thousand times, however long.</summary>
    private const int LongestText = 64 * 1024;

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text && JsonMarshal.GetRawUtf8Value(text).Length <= LongestText ? text.GetString() : null;

    public static bool? Flag(this JsonElement element, string name) => element.Member(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static IEnumerable<JsonProperty> Members(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement? element) =>
        element.Items().Where(i => i.ValueKind is JsonValueKind.String && JsonMarshal.GetRawUtf8Value(i).Length <= LongestText).Select(i => i.GetString()!);
}
