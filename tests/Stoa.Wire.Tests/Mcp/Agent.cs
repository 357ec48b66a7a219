using System.Text;
using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>
/// A client of one revision: sends the headers and the <c>_meta</c> that its revision asks for, unless a test says otherwise, and holds
/// every answer against the official schema and the secrets of its world.
/// </summary>
internal sealed class Agent(HttpClient http, string revision, Secrecy secrecy)
{
    public const string ModernMeta = """
        "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}
        """;

    public string Url { get; init; } = "/mcp";

    public string Revision => revision;

    private bool IsModern => revision == Mcp.Revision.Modern;

    /// <summary>Calls a tool with arguments given as JSON.</summary>
    public Task<Reply> CallAsync(string tool, string arguments = "{}", params (string Name, string? Value)[] headers) =>
        RequestAsync("tools/call", $"\"name\":{JsonSerializer.Serialize(tool)},\"arguments\":{arguments}", headers);

    public Task<Reply> ListAsync(string? cursor = null) =>
        RequestAsync("tools/list", cursor is null ? "" : $"\"cursor\":{JsonSerializer.Serialize(cursor)}");

    /// <summary>Sends a request; <paramref name="members"/> are those of <c>params</c>, without the braces.</summary>
    public async Task<Reply> RequestAsync(string method, string members = "", params (string Name, string? Value)[] headers)
    {
        var reply = await PostAsync(Body(method, members), [.. Mirrored(method, members), .. headers]);
        CheckShape(method, reply);
        return reply;
    }

    public Task<Reply> NotifyAsync(string method, string members = "") => PostAsync(Body(method, members, id: null), Mirrored(method, members));

    /// <summary>Sends a body as it is, with the version header of the revision. A header given as null is left out.</summary>
    public Task<Reply> PostAsync(string body, params (string Name, string? Value)[] headers) => PostAsync(Encoding.UTF8.GetBytes(body), headers);

    public async Task<Reply> PostAsync(byte[] body, params (string Name, string? Value)[] headers)
    {
        using var request = Post(body, headers);
        return await SendAsync(request);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        return await ReadAsync(response);
    }

    /// <summary>Returns as soon as the head of the answer is there.</summary>
    public Task<HttpResponseMessage> OpenAsync(string method, string members, string id = "1", string? meta = null, string? accept = null, CancellationToken ct = default) => http.SendAsync(
        Post(Encoding.UTF8.GetBytes(Body(method, members, id, meta)), [.. Mirrored(method, members), ("Accept", accept ?? "application/json, text/event-stream")]),
        HttpCompletionOption.ResponseHeadersRead,
        ct);

    public async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var reply = new Reply((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        secrecy.Check(reply);
        return reply;
    }

    /// <summary>A request, or a notification when the id is null.</summary>
    public string Body(string method, string members = "", string? id = "1", string? meta = null)
    {
        meta ??= IsModern ? ModernMeta : null;
        var all = string.Join(',', new[] { members, meta is null || members.Contains("\"_meta\"", StringComparison.Ordinal) ? "" : $"\"_meta\":{{{meta}}}" }.Where(m => m.Length > 0));
        return $"{{\"jsonrpc\":\"2.0\",{(id is null ? "" : $"\"id\":{id},")}\"method\":{JsonSerializer.Serialize(method)},\"params\":{{{all}}}}}";
    }

    public HttpRequestMessage Post(byte[] body, params (string Name, string? Value)[] headers)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = "application/json",
            ["Accept"] = "application/json, text/event-stream",
            ["MCP-Protocol-Version"] = revision == Mcp.Revision.V202503 ? null : revision,
        };
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in all)
        {
            if (value is not null && !request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private (string Name, string? Value)[] Mirrored(string method, string members)
    {
        if (!IsModern)
        {
            return [];
        }

        using var parameters = JsonDocument.Parse($"{{{members}}}", new JsonDocumentOptions { MaxDepth = 1000 });
        return parameters.RootElement.TryGetProperty("name", out var name) && method == "tools/call" && name.ValueKind is JsonValueKind.String
            ? [("Mcp-Method", method), ("Mcp-Name", Header.Encode(name.GetString()!))]
            : [("Mcp-Method", method)];
    }

    private void CheckShape(string method, Reply reply)
    {
        if (reply.Status == 202 || reply.Header("Content-Type") is not "application/json")
        {
            return;
        }

        if (reply.Json.TryGetProperty("error", out _))
        {
            if (reply.Id is not null)
            {
                OfficialSchema.Check(revision, OfficialSchema.ErrorOf(revision), reply.Json);
            }
        }
        else if (OfficialSchema.ResultOf(method) is { } definition)
        {
            OfficialSchema.Check(revision, definition, reply.Result);
        }
    }
}

/// <summary>Values in mirrored headers (2026-07-28, streamable HTTP: value encoding).</summary>
internal static class Header
{
    public static string Encode(string value) =>
        value.Length == 0 || (value.All(c => c is >= ' ' and <= '~') && value == value.Trim() && !value.StartsWith("=?base64?", StringComparison.Ordinal)) ? value : Base64(value);

    public static string Base64(string value) => $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
