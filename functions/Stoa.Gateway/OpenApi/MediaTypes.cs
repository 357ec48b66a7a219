using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.OpenApi;

/// <summary>The kinds of content that a body or an answer may have.</summary>
internal static class MediaTypes
{
    private static readonly JsonElement Anything = JsonElement.Parse("{}");

    /// <summary>The schema of the JSON form, any JSON when it says none; null when there is no such form.</summary>
    public static JsonElement? Json(JsonElement carrier)
    {
        var content = carrier.Member("content");
        var json = content.Members().Take(100).Where(m => Is(m.Name, "application/json")).Select(m => (JsonElement?)m.Value).FirstOrDefault()
            ?? content.Members().Take(100).Where(m => m.Name is "*/*" or "application/*").Select(m => (JsonElement?)m.Value).FirstOrDefault();
        return json is { } media ? media.Member("schema") ?? Anything : null;
    }

    /// <summary>For people.</summary>
    public static string Named(JsonElement carrier)
    {
        var names = carrier.Member("content").Members().Take(3).Select(m => JsonText.Shorten(m.Name, 60)).ToArray();
        return names.Length == 0 ? "of no kind that is named" : string.Join(" or ", names);
    }

    private static bool Is(string mediaType, string wanted) =>
        mediaType.AsSpan(0, mediaType.IndexOf(';') is var at and >= 0 ? at : mediaType.Length).Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
