using System.IO.Pipelines;
using System.Text;
using Stoa.Gateway.Models;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models.Streaming;

/// <summary>The relay between two pipes: what it passes on, when it ends, and what it counts.</summary>
public sealed class StreamRelayTests
{
    private const string Delta = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n";

    [Fact]
    public async Task Usage_that_only_the_gateway_asked_for_is_read_and_not_shown()
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, Recorded.Chat.Text, hidesUsage: true);
        var unasked = Recorded.Chat.Text.Replace(Recorded.ChatUsage, "", StringComparison.Ordinal).Replace(",\"usage\":null", "", StringComparison.Ordinal);
        Assert.Equal(unasked, bench.WrittenText);
        Assert.Equal(Recorded.Chat.Usage, bench.Relay.Usage);
    }

    [Fact]
    public async Task Usage_beside_an_answer_is_shown_whoever_asked_for_it()
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, Recorded.Mistral.Text, hidesUsage: true);
        Assert.Equal(Recorded.Mistral.Text, bench.WrittenText);
    }

    [Theory]
    [InlineData("{\"error\":{\"message\":\"Rate limit reached in organization org-4711\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}")]
    [InlineData("{\"error\":{\"message\":\"org-4711 has no credit\",\"type\":\"insufficient_quota\"}}")]
    public async Task What_is_about_the_gateways_account_is_not_said_in_the_middle_of_a_stream_either(string error)
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, Delta + "data: " + error + "\n\n");
        Assert.DoesNotContain("org-4711", bench.WrittenText, StringComparison.Ordinal);
        Assert.Contains("\"error\"", bench.WrittenText, StringComparison.Ordinal);
        Assert.NotNull(bench.Relay.Failure);
    }

    [Fact]
    public async Task A_relay_that_ends_while_its_timer_stops_it_leaves_the_timer_unharmed()
    {
        var time = new FakeTime();
        var pipe = new Pipe(new PipeOptions(null, PipeScheduler.Inline, PipeScheduler.Inline, pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        var bench = new RelayBench(RelayBench.Response(Delta + Recorded.Done), RelayBench.Terms(Wire.Chat), output: pipe.Writer, time: time);

        // On a thread without a context everything up to the flush that nobody takes happens at once, and the rest within the timer.
        await Task.Run(() =>
        {
            var ended = EndAsync(bench);
            time.Advance(TimeSpan.FromSeconds(31));
            return ended;
        });

        Assert.True(bench.Relay.WasSlow);

        static async Task EndAsync(RelayBench bench)
        {
            await bench.Relay.PrimeAsync(CancellationToken.None);
            await bench.RunAsync(CancellationToken.None);
            await bench.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Recorded.Done)]
    [InlineData(Delta)]
    [InlineData("data: {\"error\":{\"message\":\"late\"}}\n\n")]
    [InlineData("garbage")]
    public async Task After_its_end_a_stream_is_over(string after)
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, Recorded.Chat.Text + after);
        Assert.Equal(Recorded.Chat.Text, bench.WrittenText);
        Assert.Null(bench.Relay.Failure);
        Assert.Equal(Recorded.Chat.Usage, bench.Relay.Usage);
    }

    [Fact]
    public async Task The_last_event_may_lack_its_blank_line()
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, Delta + "data: [DONE]");
        Assert.Equal(Delta + Recorded.Done, bench.WrittenText);
        Assert.Null(bench.Relay.Failure);
    }

    [Theory]
    [InlineData(nameof(Wire.Chat))]
    [InlineData(nameof(Wire.Messages))]
    [InlineData(nameof(Wire.Responses))]
    public async Task A_stream_that_stops_before_its_last_event_is_broken(string wire)
    {
        var recorded = Recorded.Of(wire);
        var events = recorded.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var early = string.Join("\n\n", events[..^1]) + "\n\n";
        await using var bench = await RelayBench.RunAsync(recorded.Wire, early);
        Assert.StartsWith(early, bench.WrittenText, StringComparison.Ordinal);
        Assert.Contains("error", bench.WrittenText[early.Length..], StringComparison.Ordinal);
        Assert.Equal(502, bench.Relay.Failure!.Status);
    }

    [Fact]
    public async Task Without_the_providers_figures_text_is_counted()
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, string.Concat(Enumerable.Repeat(Delta, 30)) + Recorded.Done);
        Assert.Equal((50L, 30L, true), (bench.Relay.Usage.Input, bench.Relay.Usage.Output, bench.Relay.Usage.IsEstimate));
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), "data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\"}}\n\n", 503)]
    [InlineData(nameof(Wire.Messages), "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", 529)]
    [InlineData(nameof(Wire.Responses), "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"x\",\"sequence_number\":9}\n\n", 503)]
    [InlineData(nameof(Wire.Responses), "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}\n\n", 503)]
    public async Task An_error_of_the_providers_own_passes_and_counts_as_a_failure(string wire, string error, int status)
    {
        var recorded = Recorded.Of(wire);
        var first = recorded.Text[..(recorded.Text.IndexOf("\n\n", StringComparison.Ordinal) + 2)];
        await using var bench = await RelayBench.RunAsync(recorded.Wire, first + error + recorded.Text);
        Assert.Equal(first + error, bench.WrittenText);
        Assert.Equal(status, bench.Relay.Failure!.Status);
    }

    [Fact]
    public async Task An_event_of_a_megabyte_passes()
    {
        var large = "data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('x', 1_000_000) + "\"}}]}\n\n";
        await using var bench = await RelayBench.RunAsync(Wire.Chat, Delta + large + Recorded.Done);
        Assert.Equal(Delta + large + Recorded.Done, bench.WrittenText);
        Assert.Equal(250_001, bench.Relay.Usage.Output);
    }

    [Fact]
    public async Task An_event_without_end_is_a_broken_stream()
    {
        var piece = Encoding.UTF8.GetBytes(new string('x', 100_000));
        await using var bench = await RelayBench.RunAsync(Wire.Chat, new ChunkStream([Encoding.UTF8.GetBytes(Delta + "data: "), .. Enumerable.Repeat<ReadOnlyMemory<byte>>(piece, 1000)]));
        Assert.Contains("limit", bench.Relay.Failure!.Message, StringComparison.Ordinal);
        Assert.InRange(bench.Written.Length, Delta.Length, 2000);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}\n\n", "text/event-stream", 400)]
    [InlineData("data: {\"choices\":[],\"error\":{\"code\":429,\"message\":\"no\"}}\n\n", "text/event-stream", 429)]
    [InlineData("data: not json\n\n", "text/event-stream", 502)]
    [InlineData("data: {\"choices\":[}\n\n", "text/event-stream", 502)]
    [InlineData("data: {\"type\":\"message_start\"}\n\n", "text/event-stream", 502)]
    [InlineData("data: []\n\n", "text/event-stream", 502)]
    [InlineData("data: [DONE]\n\n", "text/event-stream", 502)]
    [InlineData(": comment only\n\n", "text/event-stream", 502)]
    [InlineData("", "text/event-stream", 502)]
    [InlineData("<html><body>Welcome</body></html>", "text/html", 502)]
    [InlineData("{\"error\":{\"message\":\"busy\",\"type\":\"overloaded_error\"}}", "application/json", 529)]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"whole\"}}]}", "application/json", 502)]
    public async Task A_stream_that_does_not_begin_well_leaves_the_way_open_for_another(string body, string contentType, int status)
    {
        await using var bench = new RelayBench(RelayBench.Response(body, contentType), RelayBench.Terms(Wire.Chat));
        var failure = await bench.Relay.PrimeAsync(CancellationToken.None);
        Assert.Equal(status, failure!.Status);
        Assert.False(bench.Reply.HasBegun);
        Assert.Equal(default, bench.Relay.Usage);
    }

    [Fact]
    public async Task Comments_before_the_first_event_do_no_harm()
    {
        await using var bench = await RelayBench.RunAsync(Wire.Chat, ": PROCESSING\n\n: PROCESSING\n\n" + Recorded.Chat.Text);
        Assert.Equal(Recorded.Chat.Text, bench.WrittenText);
    }

    [Fact]
    public async Task Every_event_leaves_by_itself_before_the_next_one_comes()
    {
        var (upstream, client) = (new Pipe(), new Pipe());
        await using var bench = new RelayBench(RelayBench.Response(upstream.Reader.AsStream()), RelayBench.Terms(Wire.Chat), output: client.Writer, time: new FakeTime());
        var priming = bench.Relay.PrimeAsync(CancellationToken.None);
        await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(Delta));
        Assert.Null(await priming);
        var running = bench.RunAsync(CancellationToken.None).AsTask();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Delta, await ReadAsync(client));
            await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(Delta));
        }

        Assert.Equal(Delta, await ReadAsync(client));
        await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(Recorded.Done));
        Assert.Equal(Recorded.Done, await ReadAsync(client));
        await upstream.Writer.CompleteAsync();
        await running;
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), ": \n\n")]
    [InlineData(nameof(Wire.Responses), ": \n\n")]
    [InlineData(nameof(Wire.Messages), "event: ping\ndata: {\"type\": \"ping\"}\n\n")]
    public async Task While_the_provider_thinks_the_caller_hears_a_heartbeat(string wire, string heartbeat)
    {
        await using var bench = await Bench.StartAsync(Recorded.Of(wire));
        for (var beat = 0; beat < 3; beat++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(heartbeat, await ReadAsync(bench.Client));
        }

        await bench.SendAsync(bench.Rest);
        var rest = "";
        while (rest.Length < bench.Rest.Length)
        {
            rest += await ReadAsync(bench.Client); // The last event by itself, as it waits for permission.
        }

        Assert.Equal(bench.Rest, rest);
        await bench.EndAsync();
        Assert.Null(bench.Relay.Failure);
        Assert.Equal(Recorded.Of(wire).Usage, bench.Relay.Usage);
    }

    [Fact]
    public async Task A_provider_that_falls_silent_is_given_up_after_its_idle_time()
    {
        await using var bench = await Bench.StartAsync(Recorded.Chat);
        bench.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(bench.Running.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.Running;
        Assert.Equal((504, ModelFailureKind.TimedOut), (bench.Relay.Failure!.Status, bench.Relay.Failure.Kind));
        Assert.Contains("\"error\"", await ReadAsync(bench.Client), StringComparison.Ordinal);
        Assert.True(bench.Relay.Usage.IsEstimate);
    }

    [Fact]
    public async Task A_stream_that_never_ends_is_ended()
    {
        await using var bench = await Bench.StartAsync(Recorded.Chat);
        for (var i = 0; i < 20; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(29));
            await bench.SendAsync(Delta);
            while (!(await ReadAsync(bench.Client)).Contains(Delta, StringComparison.Ordinal))
            {
            }
        }

        bench.Time.Advance(TimeSpan.FromSeconds(25));
        await bench.Running;
        Assert.Equal("The answer took longer than allowed.", bench.Relay.Failure!.Message);
    }

    [Fact]
    public async Task A_first_event_that_does_not_come_is_waited_for_no_longer_than_said()
    {
        var time = new FakeTime();
        var upstream = new Pipe();
        await using var bench = new RelayBench(RelayBench.Response(upstream.Reader.AsStream()), RelayBench.Terms(Wire.Chat), time: time);
        var priming = bench.Relay.PrimeAsync(CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(priming.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ModelFailureKind.TimedOut, (await priming)!.Kind);
    }

    [Fact]
    public async Task A_caller_who_does_not_read_is_cut_off()
    {
        var options = new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512, useSynchronizationContext: false);
        await using var bench = await Bench.StartAsync(Recorded.Chat, options, total: TimeSpan.FromDays(10));
        await bench.SendAsync(string.Concat(Enumerable.Repeat(Delta, 50)));
        await Eventually.TrueAsync(() => Task.FromResult(bench.Relay.Usage.Output >= 50), TimeSpan.FromMinutes(1), "the relay has all of it");
        await Eventually.TrueAsync(
            () =>
            {
                bench.Time.Advance(TimeSpan.FromSeconds(10));
                return Task.FromResult(bench.Running.IsCompleted);
            },
            TimeSpan.FromMinutes(1),
            "the relay has enough of it");
        await bench.Running;
        Assert.True(bench.Relay.WasSlow);
        Assert.Null(bench.Relay.Failure);
        Assert.InRange(bench.Relay.Usage.Output, 1, 60);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                var read = await bench.Client.Reader.ReadAsync();
                bench.Client.Reader.AdvanceTo(read.Buffer.End);
            }
        });
    }

    [Fact]
    public async Task When_the_caller_leaves_the_provider_is_stopped()
    {
        await using var bench = await Bench.StartAsync(Recorded.Chat);
        await bench.SendAsync(Delta);
        await ReadAsync(bench.Client);
        await bench.Caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Running);
        Assert.Equal((50L, 1L, true), (bench.Relay.Usage.Input, bench.Relay.Usage.Output, bench.Relay.Usage.IsEstimate));
        Assert.Null(bench.Relay.Failure);
    }

    [Fact]
    public async Task When_the_caller_leaves_the_provider_may_be_heard_out_for_its_figures()
    {
        await using var bench = await Bench.StartAsync(Recorded.Chat, onDisconnect: OnDisconnect.Drain);
        await bench.Caller.CancelAsync();
        Assert.False(bench.Running.IsCompleted);
        await bench.SendAsync(bench.Rest);
        await bench.Upstream.Writer.CompleteAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Running);
        Assert.Equal(Recorded.Chat.Usage, bench.Relay.Usage);
    }

    [Fact]
    public async Task Nobody_is_heard_out_for_ever()
    {
        await using var bench = await Bench.StartAsync(Recorded.Chat, onDisconnect: OnDisconnect.Drain);
        await bench.Caller.CancelAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(bench.Running.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Running);
        Assert.True(bench.Relay.Usage.IsEstimate);
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), "\"finish_reason\":\"length\"")]
    [InlineData(nameof(Wire.Messages), "max_tokens")]
    [InlineData(nameof(Wire.Responses), "response.incomplete")]
    public async Task An_answer_longer_than_the_quota_is_ended_as_one_that_is_too_long(string wire, string ending)
    {
        var recorded = Recorded.Of(wire);
        await using var bench = new RelayBench(RelayBench.Response(recorded.Text), RelayBench.Terms(recorded.Wire));
        bench.Call.OutputBound = 0;
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        await bench.RunAsync(CancellationToken.None);
        Assert.True(bench.Relay.WasCut);
        Assert.Null(bench.Relay.Failure);
        Assert.Contains(ending, bench.WrittenText.Replace("\": \"", "\":\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEqual(recorded.Text, bench.WrittenText);
    }

    [Fact]
    public async Task With_more_quota_a_long_answer_goes_on()
    {
        List<long> asked = [];
        var text = string.Concat(Enumerable.Repeat(Delta, 30)) + Recorded.Done;
        await using var bench = new RelayBench(RelayBench.Response(text), RelayBench.Terms(Wire.Chat), topUp: (call, used, _) =>
        {
            asked.Add(used);
            call.OutputBound += 10;
            return new(true);
        });
        bench.Call.OutputBound = 10;
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        await bench.RunAsync(CancellationToken.None);
        Assert.Equal([11, 21], asked);
        Assert.Equal(text, bench.WrittenText);
    }

    private static async Task<string> ReadAsync(Pipe pipe)
    {
        var read = await pipe.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
        var text = Encoding.UTF8.GetString(read.Buffer);
        pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>A relay that has passed on the first event and waits for the second, with the clock in the test's hands.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private RelayBench _bench = null!;

        public FakeTime Time { get; } = new();

        public Pipe Upstream { get; } = new();

        public required Pipe Client { get; init; }

        public required string Rest { get; init; }

        public CancellationTokenSource Caller { get; } = new();

        public Task Running { get; private set; } = Task.CompletedTask;

        public Gateway.Models.Streaming.StreamRelay Relay => _bench.Relay;

        public static async Task<Bench> StartAsync(Recorded recorded, PipeOptions? options = null, OnDisconnect onDisconnect = OnDisconnect.Stop, TimeSpan? total = null)
        {
            var at = recorded.Text.IndexOf("\n\n", StringComparison.Ordinal) + 2;
            var bench = new Bench { Client = new Pipe(options ?? PipeOptions.Default), Rest = recorded.Text[at..] };
            var terms = RelayBench.Terms(recorded.Wire, onDisconnect: onDisconnect);
            terms = terms with { Total = total ?? terms.Total };
            bench._bench = new(RelayBench.Response(bench.Upstream.Reader.AsStream()), terms, output: bench.Client.Writer, time: bench.Time);
            await bench.SendAsync(recorded.Text[..at]);
            Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
            bench.Running = bench._bench.RunAsync(bench.Caller.Token).AsTask();
            Assert.Equal(recorded.Text[..at], await ReadAsync(bench.Client));
            return bench;
        }

        public async Task SendAsync(string text) => await Upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

        public async Task EndAsync()
        {
            await Upstream.Writer.CompleteAsync();
            await Running;
        }

        public async ValueTask DisposeAsync()
        {
            await _bench.DisposeAsync();
            Caller.Dispose();
        }
    }
}
