using System.Text;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Tests.Models.Streaming;

/// <summary>The network decides where bytes are cut; nobody may notice.</summary>
public sealed class ChunkingTests
{
    public static TheoryData<string, string> Streams()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in (string[])[nameof(Recorded.Chat), nameof(Recorded.Azure), nameof(Recorded.Mistral), nameof(Recorded.Messages), nameof(Recorded.Responses)])
        {
            foreach (var end in (string[])["\n", "\r\n", "\r"])
            {
                data.Add(name, end);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Any_chunking_gives_the_same_bytes_and_usage(string name, string lineEnd)
    {
        var recorded = Recorded.Of(name);
        var text = recorded.Text.ReplaceLineEndings(lineEnd);
        foreach (var stream in (string[])[text, "\uFEFF" + text, text.Replace("data: {", $": note{lineEnd}data: {{", StringComparison.Ordinal)])
        {
            var bytes = Encoding.UTF8.GetBytes(stream);
            for (var split = 1; split < bytes.Length; split++)
            {
                await SameAsync(recorded, bytes, [bytes.AsMemory(0, split), bytes.AsMemory(split)]);
            }

            await SameAsync(recorded, bytes, Enumerable.Range(0, bytes.Length).Select(at => (ReadOnlyMemory<byte>)bytes.AsMemory(at, 1)));
        }
    }

    [Fact]
    public async Task Any_chunking_of_a_long_stream_gives_the_same_bytes_and_usage()
    {
        var recorded = Recorded.Messages;
        var random = new Random(11);
        var delta = """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}}


            """;
        var text = string.Concat(Enumerable.Range(0, 300).Select(_ => delta.Replace("TEXT", new string('é', random.Next(500)), StringComparison.Ordinal)));
        var at = recorded.Text.IndexOf("event: content_block_delta", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(recorded.Text.Insert(at, text));
        for (var round = 0; round < 100; round++)
        {
            await SameAsync(recorded, bytes, Cut(bytes, random));
        }
    }

    /// <summary>Gemini never passes through; its events are counted all the same.</summary>
    [Fact]
    public void Any_chunking_of_Gemini_gives_the_same_usage()
    {
        var recorded = Recorded.Gemini;
        var bytes = Encoding.UTF8.GetBytes(recorded.Text.ReplaceLineEndings("\r\n"));
        for (var split = 0; split <= bytes.Length; split++)
        {
            using var reader = new EventReader();
            var meter = new StreamMeter(Wire.Gemini, 50);
            foreach (var piece in (byte[][])[bytes[..split], bytes[split..]])
            {
                piece.CopyTo(reader.Room());
                reader.Fill(piece.Length);
                while (reader.TryNext(out var found))
                {
                    meter.Add(EventGlance.Of(Wire.Gemini, found.Data), found.Data);
                }
            }

            Assert.Equal(recorded.Usage, meter.Usage);
        }
    }

    [Theory]
    [InlineData(nameof(Recorded.Chat))]
    [InlineData(nameof(Recorded.Messages))]
    [InlineData(nameof(Recorded.Responses))]
    public async Task A_stream_cut_off_anywhere_ends_in_whole_events_and_an_estimate(string name)
    {
        var recorded = Recorded.Of(name);
        var bytes = Encoding.UTF8.GetBytes(recorded.Text);
        var first = recorded.Text.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        for (var end = first; end < bytes.Length - 2; end++)
        {
            await using var bench = await RelayBench.RunAsync(recorded.Wire, new ChunkStream([bytes.AsMemory(0, end)], new IOException("reset")));
            Assert.Equal(ModelFailureKind.Nonsense, bench.Relay.Failure!.Kind);
            var whole = recorded.Text[..(Encoding.UTF8.GetString(bytes, 0, end).LastIndexOf("\n\n", StringComparison.Ordinal) + 2)];
            Assert.StartsWith(whole, bench.WrittenText, StringComparison.Ordinal);
            Assert.Contains("error", bench.WrittenText[whole.Length..], StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", bench.WrittenText, StringComparison.Ordinal);
            Assert.True(bench.Relay.Usage.Input > 0);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Cut(byte[] bytes, Random random)
    {
        var most = random.Next(1, 5000);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, most + 1), bytes.Length - at);
            yield return bytes.AsMemory(at, count);
            at += count;
        }
    }

    private static async Task SameAsync(Recorded recorded, byte[] bytes, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        await using var bench = await RelayBench.RunAsync(recorded.Wire, new ChunkStream(pieces));
        Assert.Null(bench.Relay.Failure);
        Assert.Equal(recorded.Usage, bench.Relay.Usage);
        if (!bytes.AsSpan().SequenceEqual(bench.Written))
        {
            Assert.Equal(Encoding.UTF8.GetString(bytes), bench.WrittenText);
        }
    }
}
