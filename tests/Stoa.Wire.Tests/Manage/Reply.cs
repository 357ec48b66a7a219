using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Stoa.Wire.Tests.Manage;

/// <summary>An answer of the gateway, read whole; <see cref="Body"/> is undefined when there was none.</summary>
internal sealed record Reply(int Status, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Body { get; } = Text.Length == 0 ? default : JsonDocument.Parse(Text).RootElement;

    /// <summary>What became of each document, for example <c>created invalid</c>.</summary>
    public string Statuses => string.Join(' ', Body.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("status").GetString()));

    /// <summary>The faults of a document (from 1) as <c>line:column path: reason</c>, one per line.</summary>
    public string Faults(int document = 1) => Body.GetProperty("results")[document - 1].TryGetProperty("faults", out var faults)
        ? string.Join('\n', faults.EnumerateArray().Select(f => $"{f.GetProperty("line")}:{f.GetProperty("column")} {f.GetProperty("path")}: {f.GetProperty("reason")}"))
        : "";

    /// <summary>The refusal as <c>status error: message</c>.</summary>
    public string Refusal => $"{Status} {Body.GetProperty("error")}: {Body.GetProperty("message")}";

    public string[] Names => [.. Body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("metadata").GetProperty("name").GetString()!)];
}

/// <summary>Requests as tests send them.</summary>
internal static class Requests
{
    public static Task<Reply> ApplyAsync(this HttpClient client, string body, string query = "") =>
        client.AskAsync(HttpMethod.Post, "/manage/v1/apply" + query, body, "application/yaml");

    public static Task<Reply> ReadAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        client.AskAsync(HttpMethod.Get, path, headers: headers);

    public static Task<Reply> PostAsync(this HttpClient client, string path, string? json = null) =>
        client.AskAsync(HttpMethod.Post, path, json);

    public static Task<Reply> RemoveAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        client.AskAsync(HttpMethod.Delete, path, headers: headers);

    /// <summary>The status of listing the caller's tools: 200 is a key that works.</summary>
    public static async Task<int> KnockAsync(this HttpClient client) => (await client.ReadAsync("/mcp/v1/tools")).Status;

    /// <summary>The names of the tools that the caller sees.</summary>
    public static async Task<string[]> ToolNamesAsync(this HttpClient client) =>
        [.. (await client.ReadAsync("/mcp/v1/tools")).Body.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];

    public static async Task<Reply> AskAsync(
        this HttpClient client, HttpMethod method, string path, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }
}
