using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stoa.Benchmarks;

/// <summary>
/// Streams of chat completions over raw sockets, one after the other on each connection: how many a second, how long to the first event,
/// and in how many reads a stream arrives. One line of JSON.
/// </summary>
internal static class StreamLoad
{
    public static async Task<int> RunAsync(Uri url, string key, string model, int connections, double seconds, string? portkeyTarget)
    {
        var body = $$"""{"model":"{{model}}","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Tell me about the quick brown fox and the lazy dog, please."}]}""";
        var extra = portkeyTarget is null ? "" : $"x-portkey-provider: openai\r\nx-portkey-custom-host: {portkeyTarget}\r\n";
        var request = Encoding.ASCII.GetBytes(
            $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {key}\r\n{extra}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var runs = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => StreamAsync(url, request, until))));
        var all = runs.SelectMany(r => r).ToList();
        var first = all.Select(s => s.First).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"streams":{{all.Count}},"perSecond":{{all.Count / seconds:0.0}},"ttfbP50Ms":{{At(first, 0.5):0.000}},"ttfbP99Ms":{{At(first, 0.99):0.000}},"totalP50Ms":{{At([.. all.Select(s => s.Total).Order()], 0.5):0.000}},"reads":{{all.Average(s => s.Reads):0.0}},"broken":{{all.Count(s => !s.IsWhole)}}}"""));
        return all.All(s => s.IsWhole) ? 0 : 1;
    }

    private static async Task<List<Sample>> StreamAsync(Uri url, byte[] request, long until)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
        var buffer = new byte[64 * 1024];
        var samples = new List<Sample>();
        while (Stopwatch.GetTimestamp() < until)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var (first, reads, tail, seen) = (0d, 0, 0, 0);
            while (true)
            {
                // The last bytes stay in front, since the end may come in pieces.
                var read = await socket.ReceiveAsync(buffer.AsMemory(tail));
                if (read == 0)
                {
                    samples.Add(new(first, 0, reads, false));
                    return samples;
                }

                var text = buffer.AsSpan(0, tail + read);
                if (text[tail..].IndexOf("data: "u8) >= 0 || seen > 0)
                {
                    reads++;
                    seen += read;
                    first = first is 0 ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : first;
                }

                if (text.EndsWith("\r\n0\r\n\r\n"u8))
                {
                    // A last read of nothing but the chunk that ends the body is no event.
                    samples.Add(new(first, Stopwatch.GetElapsedTime(start).TotalMilliseconds, read <= 7 ? reads - 1 : reads, seen > 15_000));
                    break;
                }

                tail = Math.Min(8, text.Length);
                text[^tail..].CopyTo(buffer);
            }
        }

        return samples;
    }

    private static double At(double[] sorted, double share) => sorted.Length is 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private readonly record struct Sample(double First, double Total, int Reads, bool IsWhole);
}
