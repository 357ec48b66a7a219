using System.Text;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Tests.Models.Streaming;

public sealed class EventReaderTests
{
    [Theory]
    [InlineData("data: a\n\n", "|a")]
    [InlineData("data:a\n\n", "|a")]
    [InlineData("data:  a \n\n", "| a ")]
    [InlineData("event: x\ndata: a\n\n", "x|a")]
    [InlineData("data: a\nevent:x\n\n", "x|a")]
    [InlineData("data: a\ndata: b\ndata\ndata:\n\n", "|a\nb\n\n")]
    [InlineData("data: a\rid: 1\rdata: b\r\r", "|a\nb")]
    [InlineData("data: a\r\nretry: 5\r\ndata: b\r\n\r\n", "|a\nb")]
    [InlineData("\uFEFFdata: a\n\n", "|a")]
    [InlineData(": hello\n\ndata: a\n\n", "-;|a")]
    [InlineData(":\n: b\ndata: a\n: c\n\n", "|a")]
    [InlineData("\n\ndata: a\n\n", "-;-;|a")]
    [InlineData("dataset: a\nevents: b\n\n", "-")]
    [InlineData("event: x\n\n", "-")]
    [InlineData("data\n\n", "|")]
    [InlineData("data: a\n\ndata: b\n", "|a")]
    public void Events_are_cut_as_the_standard_says_wherever_the_bytes_are_split(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(expected, Read([bytes[..first], bytes[first..second], bytes[second..]]));
            }
        }
    }

    [Fact]
    public void What_is_handed_out_is_what_came_in()
    {
        foreach (var stream in (string[])["data: a\r\n\r\ndata: b\r\n\r\n", "data: a\n\n: c\n\ndata: b\n\n", "data: a\r\rdata: b\r\r", "\uFEFF: x\n\ndata: a\r\n\r\n"])
        {
            var bytes = Encoding.UTF8.GetBytes(stream);
            for (var split = 0; split <= bytes.Length; split++)
            {
                Assert.Equal(stream, Raw([bytes[..split], bytes[split..]]));
            }

            Assert.Equal(stream, Raw([.. bytes.Select(one => new[] { one })]));
        }
    }

    [Fact]
    public void An_event_is_there_with_the_byte_that_completes_it()
    {
        foreach (var end in (string[])["\n\n", "\r\r", "\r\n\r"])
        {
            using var reader = new EventReader();
            Put(reader, Encoding.UTF8.GetBytes("data: a" + end[..^1]));
            Assert.False(reader.TryNext(out _));
            Put(reader, Encoding.UTF8.GetBytes(end[^1..]));
            Assert.True(reader.TryNext(out var found));
            Assert.Equal("a", Encoding.UTF8.GetString(found.Data));
        }
    }

    [Fact]
    public void An_event_of_a_megabyte_passes_and_one_without_end_is_stopped()
    {
        using var reader = new EventReader();
        var piece = new byte[10_000];
        piece.AsSpan().Fill((byte)'x');
        Put(reader, "data: "u8.ToArray());
        for (var i = 0; i < 100; i++)
        {
            Put(reader, piece);
            Assert.False(reader.TryNext(out _));
        }

        Put(reader, "\n\n"u8.ToArray());
        Assert.True(reader.TryNext(out var found));
        Assert.Equal(1_000_000, found.Data.Length);

        while (!reader.IsFull)
        {
            Put(reader, piece);
            Assert.False(reader.TryNext(out _));
        }
    }

    [Theory]
    [InlineData("data: [DONE]", "[DONE]")]
    [InlineData("data: [DONE]\n", "[DONE]")]
    [InlineData("data: [DONE]\r", "[DONE]")]
    [InlineData("data: [DONE]\r\n", "[DONE]")]
    public void What_lacks_its_blank_line_is_found_at_the_end(string stream, string data)
    {
        using var reader = new EventReader();
        Put(reader, Encoding.UTF8.GetBytes(stream));
        Assert.False(reader.TryNext(out _));
        Assert.True(reader.TryLast(out var last));
        Assert.Equal(data, Encoding.UTF8.GetString(last.Data));
        Assert.EndsWith("\n", Encoding.UTF8.GetString(last.Raw), StringComparison.Ordinal);
    }

    private static string Read(byte[][] pieces)
    {
        var found = new List<string>();
        Each(pieces, (in StreamEvent one) => found.Add(one.HasData ? $"{Encoding.UTF8.GetString(one.Name)}|{Encoding.UTF8.GetString(one.Data)}" : "-"));
        return string.Join(';', found);
    }

    private static string Raw(byte[][] pieces)
    {
        var raw = new List<byte>();
        Each(pieces, (in StreamEvent one) =>
        {
            raw.AddRange(one.Raw);
            raw.AddRange(one.OwesLineFeed ? "\n"u8 : default);
        });
        return Encoding.UTF8.GetString(raw.ToArray());
    }

    private delegate void Seen(in StreamEvent one);

    private static void Each(byte[][] pieces, Seen seen)
    {
        using var reader = new EventReader();
        foreach (var piece in pieces.Where(piece => piece.Length > 0))
        {
            Put(reader, piece);
            while (reader.TryNext(out var one))
            {
                seen(one);
            }
        }
    }

    private static void Put(EventReader reader, byte[] bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var room = reader.Room();
            var count = Math.Min(room.Length, bytes.Length - done);
            bytes.AsMemory(done, count).CopyTo(room);
            reader.Fill(count);
            done += count;
        }
    }
}
