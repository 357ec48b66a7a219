using System.Text;
using Microsoft.AspNetCore.Http;

namespace Stoa.Benchmarks;

/// <summary>
/// A model that answers at once, in the wire format of chat completions: 930 bytes, or a stream of 101 events and <c>[DONE]</c>. The model
/// <c>paced</c> waits 10 ms between events, <c>slow</c> 20 ms before an answer. The server joins events that are written without a pause into
/// one send, unless it is told to send each by itself.
/// </summary>
internal static class LlmUpstream
{
    private const int Deltas = 99;

    private static readonly byte[] Completion = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-bench","object":"chat.completion","created":1767225600,"model":"bench-1","choices":[{"index":0,"message":{"role":"assistant","content":"""
        + "\"" + string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 12)) + "\""
        + ""","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":23,"completion_tokens":121,"total_tokens":144,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"system_fingerprint":"fp_bench"}""");

    private static readonly byte[][] Events =
    [
        Event("""{"role":"assistant","content":""}""", "null"),
        .. Enumerable.Range(0, Deltas - 1).Select(i => Event($$"""{"content":" word{{i}}"}""", "null")),
        Event("{}", "\"stop\""),
        Data("""{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600,"model":"bench-1","choices":[],"usage":{"prompt_tokens":23,"completion_tokens":98,"total_tokens":121}}"""),
        Data("[DONE]"),
    ];

    public static Task<int> RunAsync(string url, bool sendsEach) => Baselines.ServeAsync(url, AnswerAsync, sendsEach);

    private static async Task AnswerAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAtLeastAsync((int)(http.Request.ContentLength ?? 0));
        var body = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await StreamAsync(http, body.Contains("\"paced\"", StringComparison.Ordinal) ? 10 : 0);
            return;
        }

        if (body.Contains("\"slow\"", StringComparison.Ordinal))
        {
            await Task.Delay(20);
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Completion.Length;
        await http.Response.BodyWriter.WriteAsync(Completion);
    }

    private static async Task StreamAsync(HttpContext http, int pause)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var item in Events)
        {
            await http.Response.BodyWriter.WriteAsync(item);
            if (pause > 0)
            {
                await Task.Delay(pause);
            }
        }
    }

    private static byte[] Event(string delta, string finish) => Data(
        $$"""{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600,"model":"bench-1","system_fingerprint":"fp_bench","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}],"usage":null}""");

    private static byte[] Data(string json) => Encoding.UTF8.GetBytes($"data: {json}\n\n");
}
