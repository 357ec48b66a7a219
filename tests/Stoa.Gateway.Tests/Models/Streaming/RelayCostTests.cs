using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Models.Streaming;

/// <summary>Alone in the process while it runs: it counts every byte that is allocated anywhere. Times are reported, never asserted.</summary>
[CollectionDefinition(nameof(RelayCostTests), DisableParallelization = true)]
[Collection(nameof(RelayCostTests))]
public sealed class RelayCostTests
{
    private const int Few = 100;
    private const int Many = 2100;

    // Unoptimised code keeps each async method's state in an object of its own.
#if DEBUG
    private const int Allowed = 512;
#else
    private const int Allowed = 8;
#endif

    [Theory]
    [InlineData(nameof(Recorded.Chat))]
    [InlineData(nameof(Recorded.Messages))]
    [InlineData(nameof(Recorded.Responses))]
    public async Task An_event_costs_no_memory(string name)
    {
        var recorded = Recorded.Of(name);
        var few = await CostAsync(recorded, Few);
        var many = await CostAsync(recorded, Many);
        var bytes = (many.Bytes - few.Bytes) / (double)(Many - Few);
        var nanos = (many.Nanos - few.Nanos) / (Many - Few);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {bytes:0.0} bytes and {nanos:0} ns per event, {few.Bytes} bytes and {few.Nanos / 1000:0} µs per stream of {Few}");
        Assert.True(bytes <= Allowed, $"{bytes} bytes per event");
    }

    private static async Task<(long Bytes, double Nanos)> CostAsync(Recorded recorded, int events)
    {
        var whole = recorded.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one + "\n\n")).ToArray();
        var pieces = new ReadOnlyMemory<byte>[events + whole.Length];
        whole[..1].CopyTo(pieces, 0);
        var delta = Array.Find(whole, one => Encoding.UTF8.GetString(one.Span).Contains("Hello", StringComparison.Ordinal) || Encoding.UTF8.GetString(one.Span).Contains("quoted", StringComparison.Ordinal));
        pieces.AsSpan(1, events).Fill(delta);
        whole[1..].CopyTo(pieces, events + 1);
        var best = (Bytes: long.MaxValue, Nanos: double.MaxValue);
        for (var round = 0; round < 60; round++)
        {
            var body = new ChunkStream(pieces);
            var output = PipeWriter.Create(Stream.Null);
            await using var bench = new RelayBench(RelayBench.Response(body), RelayBench.Terms(recorded.Wire), output: output);
            bench.Call.Given = new GivenContent(new byte[32], keeps: 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
            await bench.RunAsync(CancellationToken.None);
            best = (Math.Min(best.Bytes, GC.GetAllocatedBytesForCurrentThread() - before), Math.Min(best.Nanos, Stopwatch.GetElapsedTime(started).TotalNanoseconds));
        }

        return best;
    }
}
