using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.Doors;

/// <summary>JSON answers of REST doors.</summary>
internal static class HttpReply
{
    public static async Task WriteAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        JsonSerializer.Serialize(json, value, type);
    }
}
