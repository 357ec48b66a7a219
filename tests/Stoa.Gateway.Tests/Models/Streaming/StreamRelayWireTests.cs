using Stoa.Gateway.Egress;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Tests.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models.Streaming;

/// <summary>The relay over real sockets, through the gateway's own way out.</summary>
public sealed class StreamRelayWireTests
{
    private const string Delta = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n";

    [Fact]
    public async Task A_stream_that_ran_to_its_end_leaves_its_connection_to_the_next()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            await exchange.ChunkAsync(Recorded.Chat.Text);
            await exchange.EndAsync();
        });
        using var client = TestEgress.Client();
        for (var i = 0; i < 3; i++)
        {
            await using var bench = await RunAsync(client, upstream);
            Assert.Equal(Recorded.Chat.Text, bench.WrittenText);
            Assert.Null(bench.Relay.Failure);
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_in_the_middle_of_an_event_is_told_and_estimated(bool resets)
    {
        var primed = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            await exchange.ChunkAsync(Delta + Delta + "data: {\"cho");

            // A reset may overtake what was sent before it.
            await primed.Task.WaitAsync(exchange.ClientLeft);
            if (resets)
            {
                exchange.Reset();
            }
            else
            {
                exchange.Close();
            }
        });
        using var client = TestEgress.Client();
        await using var bench = await OpenAsync(client, upstream);
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        primed.SetResult();
        await bench.RunAsync(CancellationToken.None);
        Assert.Equal(ModelFailureKind.Nonsense, bench.Relay.Failure!.Kind);
        Assert.StartsWith(Delta, bench.WrittenText, StringComparison.Ordinal);
        Assert.Contains("\"error\"", bench.WrittenText, StringComparison.Ordinal);
        Assert.True(bench.Relay.Usage.IsEstimate);
    }

    [Fact]
    public async Task A_stall_is_ended_by_the_clock_and_the_provider_is_dropped()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            await exchange.ChunkAsync(Delta);
            await exchange.HangAsync();
        });
        using var client = TestEgress.Client();
        await using var bench = await OpenAsync(client, upstream, RelayBench.Terms(Wire.Chat) with { Idle = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        await bench.RunAsync(CancellationToken.None);
        Assert.Equal(ModelFailureKind.TimedOut, bench.Relay.Failure!.Kind);
        await bench.DisposeAsync();
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task A_cut_stops_the_provider_at_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            for (var i = 0; i < 5; i++)
            {
                await exchange.ChunkAsync(Delta);
            }

            await exchange.HangAsync();
        });
        using var client = TestEgress.Client();
        await using var bench = await OpenAsync(client, upstream);
        bench.Call.OutputBound = 3;
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        await bench.RunAsync(CancellationToken.None);
        Assert.True(bench.Relay.WasCut);
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task A_stream_byte_by_byte_is_the_same_stream()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            foreach (var one in Recorded.Messages.Text)
            {
                await exchange.ChunkAsync(one.ToString());
            }

            await exchange.EndAsync();
        });
        using var client = TestEgress.Client();
        await using var bench = await RunAsync(client, upstream, Wire.Messages);
        Assert.Equal(Recorded.Messages.Text, bench.WrittenText);
        Assert.Equal(Recorded.Messages.Usage, bench.Relay.Usage);
    }

    private static async Task<RelayBench> RunAsync(EgressClient client, ScriptedUpstream upstream, Wire wire = Wire.Chat)
    {
        var bench = await OpenAsync(client, upstream, RelayBench.Terms(wire));
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        await bench.RunAsync(CancellationToken.None);
        await bench.DisposeAsync();
        return bench;
    }

    /// <param name="time">Stands still when left out, so that a slow machine is no slow provider: the end of a body is waited for a quarter of a second only.</param>
    private static async Task<RelayBench> OpenAsync(EgressClient client, ScriptedUpstream upstream, RelayTerms? terms = null, TimeProvider? time = null)
    {
        var opened = await client.OpenAsync(TestEgress.Get(upstream.Url), TestEgress.Ample, CancellationToken.None);
        return new(opened.Value!, terms ?? RelayBench.Terms(Wire.Chat), time: time ?? new FakeTime());
    }
}
