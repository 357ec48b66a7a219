using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// An answer that has become a stream because the work takes long: progress when the client gave a token, comments as heartbeat
/// otherwise, the reply as the last event.
/// </summary>
internal sealed class ReplyStream(HttpContext http)
{
    /// <summary>Silence before a heartbeat. Front ends cut idle connections at 230 s, many proxies far earlier.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task OpenAsync(CancellationToken ct)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await http.Response.StartAsync(ct);
        await BeatAsync(ct);
    }

    public async Task BeatAsync(CancellationToken ct)
    {
        http.Response.BodyWriter.Write(":\n\n"u8);
        await http.Response.BodyWriter.FlushAsync(ct);
    }

    /// <summary>Progress is the whole seconds spent so far: it always increases, and no total is claimed (MCP, progress).</summary>
    public Task ProgressAsync(ReadOnlyMemory<byte> token, long seconds, CancellationToken ct) => WriteEventAsync(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteString("method"u8, "notifications/progress"u8);
            json.WriteStartObject("params"u8);
            json.WritePropertyName("progressToken"u8);
            json.WriteRawValue(token.Span, skipInputValidation: true);
            json.WriteNumber("progress"u8, seconds);
            json.WriteString("message"u8, $"Waiting for the upstream for {seconds} s.");
            json.WriteEndObject();
            json.WriteEndObject();
        },
        ct);

    public Task ReplyAsync(RpcReply reply, ReadOnlyMemory<byte> id, CancellationToken ct) => WriteEventAsync(json => reply.Write(json, id), ct);

    private async Task WriteEventAsync(Action<Utf8JsonWriter> write, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(buffer, JsonWire.WriterOptions))
        {
            write(json);
        }

        var body = http.Response.BodyWriter;
        body.Write("event: message\ndata: "u8);
        WriteOneLine(body, buffer.WrittenSpan);
        body.Write("\n\n"u8);
        await body.FlushAsync(ct);
    }

    // A line break ends an SSE field. In JSON one can only be white space between tokens, so a space means the same.
    private static void WriteOneLine(IBufferWriter<byte> body, ReadOnlySpan<byte> json)
    {
        while (json.IndexOfAny((byte)'\n', (byte)'\r') is var at && at >= 0)
        {
            body.Write(json[..at]);
            body.Write(" "u8);
            json = json[(at + 1)..];
        }

        body.Write(json);
    }
}
