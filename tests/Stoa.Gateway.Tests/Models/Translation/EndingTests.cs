using System.Buffers;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation;

namespace Stoa.Gateway.Tests.Models.Translation;

public sealed class EndingTests
{
    private const string Start = """{"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":5,"output_tokens":1}}}""";
    private const string Text = """{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hello, world"}}]}""";

    [Theory]
    [InlineData("Messages")]
    [InlineData("Responses")]
    public void A_cut_in_the_middle_of_a_translated_stream_keeps_the_grammar_and_says_why(string wire)
    {
        var to = Enum.Parse<Wire>(wire);
        var output = new ArrayBufferWriter<byte>();
        var translation = new StreamTranslation(Wire.Chat, to, Given.Terms, wantsUsage: true, estimatedInput: 7);
        Assert.True(translation.TryWrite(default, Encoding.UTF8.GetBytes(Text), output, out _));

        translation.Cut(output);
        translation.End(output);

        var events = Encoding.UTF8.GetString(output.WrittenSpan);
        var told = to is Wire.Messages ? MessagesGrammar.Check(events) : ResponsesGrammar.Check(events);
        Assert.Equal("text=Hello, world thinking= calls=[] stop=length 7/0/3", told.ToString());
    }

    [Fact]
    public void A_cut_of_a_stream_that_passes_through_keeps_the_grammar_of_its_wire()
    {
        var output = new ArrayBufferWriter<byte>();
        var position = new StreamPosition { Id = "chatcmpl-1", Created = 5, Model = "m", WantsUsage = true, Usage = new TokenUsage(9, 3) };
        output.Write("""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":null}]}"""u8);
        output.Write("\n\n"u8);

        StreamEnding.WriteCut(Wire.Chat, position, output);
        StreamEnding.WriteCut(Wire.Chat, position, output);
        StreamEnding.WriteError(Wire.Chat, position, new ModelFailure(502, ModelFailureKind.Nonsense, "late"), output);

        Assert.Equal("text=x thinking= calls=[] stop=length 9/0/3", ChatGrammar.Check(Encoding.UTF8.GetString(output.WrittenSpan)).ToString());
    }

    [Fact]
    public void A_cut_message_closes_the_block_that_is_open()
    {
        var output = new ArrayBufferWriter<byte>();
        var position = new StreamPosition { OpenBlock = 2, Usage = new TokenUsage(9, 3) };

        StreamEnding.WriteCut(Wire.Messages, position, output);

        Assert.Equal(
            """
            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":3}}

            event: message_stop
            data: {"type":"message_stop"}


            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("Chat", "data: {\"error\":{\"message\":\"gone\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_timeout\"}}\n\n")]
    [InlineData("Messages", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"gone\"}}\n\n")]
    public void An_error_is_the_wires_own(string wire, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        StreamEnding.WriteError(Enum.Parse<Wire>(wire), new StreamPosition(), new ModelFailure(504, ModelFailureKind.TimedOut, "gone"), output);

        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void A_failed_response_has_the_next_number_and_a_status()
    {
        var output = new ArrayBufferWriter<byte>();

        StreamEnding.WriteError(Wire.Responses, new StreamPosition { Id = "resp_1", SequenceNumber = 4 }, new ModelFailure(502, ModelFailureKind.Nonsense, "gone"), output);

        var (name, data) = Assert.Single(Events.Read(Encoding.UTF8.GetString(output.WrittenSpan)));
        Assert.Equal("response.failed", name);
        Assert.Contains("\"sequence_number\":5", data, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"failed\"", data, StringComparison.Ordinal);
        Assert.Contains("\"error\":{\"code\":\"server_error\",\"message\":\"gone\"}", data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("Responses")]
    public void A_stream_that_ends_without_usage_tells_an_estimate(string wire)
    {
        var to = Enum.Parse<Wire>(wire);

        var (events, _) = Given.Stream($"data: {Start}\n\n", Wire.Messages, to);

        var told = to is Wire.Chat ? ChatGrammar.Check(events) : ResponsesGrammar.Check(events);
        Assert.Equal((5, 0), (told.Input, told.Output));
    }

    [Fact]
    public void The_usage_chunk_comes_only_when_it_is_wanted()
    {
        var (events, _) = Given.Stream($"data: {Start}\n\n", Wire.Messages, Wire.Chat, wantsUsage: false);

        ChatGrammar.Check(events, wantsUsage: false);
    }
}
