using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Tests.Models.Requests;

/// <summary>What a request costs before anything is sent. Memory is asserted, times are reported only.</summary>
[CollectionDefinition(nameof(RequestCostTests), DisableParallelization = true)]
[Collection(nameof(RequestCostTests))]
public sealed class RequestCostTests
{
    private const int Delta = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Reading_and_splicing_costs_memory_for_the_request_and_none_for_its_length(int messages)
    {
        var message = JsonSerializer.Serialize(new string('a', 1000) + "\n\"quoted\"");
        var body = Encoding.UTF8.GetBytes(
            $$"""{"model":"gpt-5","stream":true,"messages":[{{string.Join(',', Enumerable.Repeat($$"""{"role":"user","content":{{message}}}""", messages))}}]}""");
        var output = new ArrayBufferWriter<byte>(body.Length * 2);
        var (bytes, nanos) = Cost(() =>
        {
            output.ResetWrittenCount();
            Assert.True(ModelRequestReader.TryRead(Wire.Chat, body, out var request, out _));
            RequestSplice.Write(request, "gpt-5-2026", 1000, forceUsage: true, ProviderType.OpenAI, output);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{body.Length} bytes of request: {bytes} bytes, {nanos / 1000:0.0} µs");
        Assert.InRange(bytes, 0, 1024);
    }

    [Fact]
    public void A_glance_at_an_event_costs_no_memory()
    {
        var data = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}],"usage":null}"""u8.ToArray();
        var text = 0;
        var glance = Cost(() =>
        {
            for (var i = 0; i < Delta; i++)
            {
                text += EventGlance.Of(Wire.Chat, data).TextBytes;
            }
        });
        var parse = Cost(() =>
        {
            for (var i = 0; i < Delta; i++)
            {
                var json = new Utf8JsonReader(data);
                while (json.Read())
                {
                }
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{data.Length} bytes of event: a glance {glance.Nanos / Delta:0} ns, a parser {parse.Nanos / Delta:0} ns");
        Assert.True(text > 0);
        Assert.Equal(0, glance.Bytes);
    }

    private static (long Bytes, double Nanos) Cost(Action once)
    {
        var best = (Bytes: long.MaxValue, Nanos: double.MaxValue);
        for (var round = 0; round < 500; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            once();
            var nanos = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
            best = (Math.Min(best.Bytes, GC.GetAllocatedBytesForCurrentThread() - before), Math.Min(best.Nanos, nanos));
        }

        return best;
    }
}
