using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Egress;
using Stoa.Ledger.Records;
using Stoa.Testing;
using Stoa.Testing.Streams;

namespace Stoa.Wire.Tests.Audit;

/// <summary>
/// Records reach a collector of OTLP logs and a webhook over real sockets: all of them, in order per instance, whatever receivers do. Repetitions
/// tell themselves by (inst, seq). The clock of ledger and pumps stands still unless a test moves it.
/// </summary>
public sealed class StreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly SealedLedger _ledger = new();
    private readonly ErrorLog _errors = new();
    private readonly ILoggerFactory _logs;
    private readonly EgressClient _egress = new(new EgressSettings { AllowLoopback = true }, TimeProvider.System, NullLogger<EgressClient>.Instance);
    private StreamReceiver _collector = null!;
    private StreamReceiver _webhook = null!;

    public StreamTests() => _logs = LoggerFactory.Create(logging => logging.AddProvider(_errors));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_collector, _webhook) = (await StreamReceiver.CollectorAsync(), await StreamReceiver.WebhookAsync());

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _webhook.DisposeAsync();
        _egress.Dispose();
        _ledger.Dispose();
        _logs.Dispose();
        Assert.Empty(_collector.Wrong);
        Assert.Empty(_webhook.Wrong);
    }

    [Theory]
    [InlineData(AuditStream.Otlp)]
    [InlineData(AuditStream.Webhook)]
    public async Task Records_arrive_once_and_as_the_ledger_has_them(string stream)
    {
        await _ledger.WriteAsync(1, 2500, Ct);
        await ForwardUntilDoneAsync(stream, 1);

        Assert.Equal(await LinesAsync(), ReceiverOf(stream).Kept);
    }

    [Theory]
    [InlineData(AuditStream.Otlp, ReceiverFault.Throttle, false)]
    [InlineData(AuditStream.Otlp, ReceiverFault.Busy, false)]
    [InlineData(AuditStream.Otlp, ReceiverFault.Fail, false)]
    [InlineData(AuditStream.Otlp, ReceiverFault.Unauthorized, false)]
    [InlineData(AuditStream.Otlp, ReceiverFault.Page, false)]
    [InlineData(AuditStream.Otlp, ReceiverFault.DropBefore, false)]
    [InlineData(AuditStream.Otlp, ReceiverFault.DropAfter, true)]
    [InlineData(AuditStream.Webhook, ReceiverFault.Throttle, false)]
    [InlineData(AuditStream.Webhook, ReceiverFault.Fail, false)]
    [InlineData(AuditStream.Webhook, ReceiverFault.Unauthorized, false)]
    [InlineData(AuditStream.Webhook, ReceiverFault.DropBefore, false)]
    [InlineData(AuditStream.Webhook, ReceiverFault.DropAfter, true)]
    public async Task Faults_lose_nothing_and_keep_the_order(string stream, ReceiverFault fault, bool mayRepeat)
    {
        ReceiverOf(stream).Fault = request => request % 3 == 0 ? ReceiverFault.None : fault;
        foreach (var part in Enumerable.Range(0, 6))
        {
            await _ledger.WriteAsync(1, 100, Ct);
            await _ledger.WriteAsync(2, 50, Ct);
            await ForwardUntilDoneAsync(stream, 1);
            await ForwardUntilDoneAsync(stream, 2);
            _ledger.Time.Advance(TimeSpan.FromMinutes(part));
        }

        AssertComplete(stream, 1, 601, mayRepeat);
        AssertComplete(stream, 2, 301, mayRepeat);
    }

    [Theory]
    [InlineData(AuditStream.Otlp, ReceiverFault.DropBefore)]
    [InlineData(AuditStream.Otlp, ReceiverFault.Busy)]
    [InlineData(AuditStream.Webhook, ReceiverFault.DropBefore)]
    [InlineData(AuditStream.Webhook, ReceiverFault.Fail)]
    public async Task Fifteen_minutes_without_one_receiver_are_its_backlog_and_nobody_elses(string stream, ReceiverFault fault)
    {
        var other = stream == AuditStream.Otlp ? AuditStream.Webhook : AuditStream.Otlp;
        var pumps = new[] { PumpOf(stream), PumpOf(other) };
        ReceiverOf(stream).Fault = _ => fault;
        var (written, end) = (0, _ledger.Time.GetUtcNow() + TimeSpan.FromMinutes(15));
        while (_ledger.Time.GetUtcNow() < end)
        {
            await _ledger.WriteAsync(1, 3, Ct);
            written += 3;
            await PassAsync(pumps);
            Assert.Equal(written + 1, ReceiverOf(other).Kept.Count);
        }

        var standing = (await StandingAsync()).Streams.ToDictionary(s => s.Name);
        Assert.Empty(ReceiverOf(stream).Kept);
        Assert.Equal((1, false), (standing[stream].Backlog.Instances, standing[stream].Fault?.IsRefusal));
        Assert.Equal((0, null), (standing[other].Backlog.Instances, standing[other].Fault));

        // Far fewer attempts than ticks, and one of them comes within two minutes.
        Assert.InRange(ReceiverOf(stream).Requests.Count, 5, 60);
        ReceiverOf(stream).Fault = static _ => ReceiverFault.None;
        await PassAsync(pumps, TimeSpan.FromMinutes(2));
        AssertComplete(stream, 1, written + 1, mayRepeat: false);
        AssertComplete(other, 1, written + 1, mayRepeat: false);
        Assert.All((await StandingAsync()).Streams, s => Assert.Equal((0, null), (s.Backlog.Instances, s.Fault)));
        Assert.Empty(_errors.Lines);
    }

    [Theory]
    [InlineData(AuditStream.Otlp, ReceiverFault.Bad)]
    [InlineData(AuditStream.Otlp, ReceiverFault.Partial)]
    [InlineData(AuditStream.Webhook, ReceiverFault.Bad)]
    public async Task A_record_that_is_not_taken_stops_its_instance_there_and_is_told_of(string stream, ReceiverFault fault)
    {
        var (receiver, pump) = (ReceiverOf(stream), PumpOf(stream));
        receiver.Rejects = line => JsonElement.Parse(Encoding.UTF8.GetBytes(line)).GetProperty("seq").GetInt64() == 37;
        receiver.Fault = _ => fault;
        await _ledger.WriteAsync(1, 80, Ct);
        await PassAsync([pump]);

        Assert.Equal(Sequence(37), receiver.SequencesOf(Instance(1)).Where(s => s < 37).Distinct());
        var standing = Assert.Single((await StandingAsync()).Streams, s => s.Name == stream);
        Assert.True(standing.Fault!.IsRefusal);
        Assert.EndsWith($"to the record {Instance(1)}-37", standing.Fault.Reason, StringComparison.Ordinal);
        Assert.Equal(1, standing.Backlog.Instances);
        Assert.Contains($"{Instance(1)}-37", Assert.Single(_errors.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("told-by-the-receiver", _errors.Lines.Single(), StringComparison.Ordinal);

        // Not at every tick, as nothing gets better by itself.
        var asked = receiver.Requests.Count;
        await PassAsync([pump], TimeSpan.FromSeconds(50));
        Assert.Equal(asked, receiver.Requests.Count);

        receiver.Fault = static _ => ReceiverFault.None;
        await PassAsync([pump], TimeSpan.FromMinutes(15));

        // A receiver that takes a batch in part has what follows the record before it has the record.
        Assert.Equal(Sequence(81), receiver.SequencesOf(Instance(1)).Distinct().Order());
        Assert.Equal(await LinesAsync(), receiver.Kept.Distinct().OrderBy(l => JsonElement.Parse(Encoding.UTF8.GetBytes(l)).GetProperty("seq").GetInt64()));
    }

    [Theory]
    [InlineData(AuditStream.Otlp)]
    [InlineData(AuditStream.Webhook)]
    public async Task A_receiver_is_left_alone_for_as_long_as_it_asks(string stream)
    {
        var (receiver, pump) = (ReceiverOf(stream), PumpOf(stream));
        (receiver.Fault, receiver.RetryAfter) = (request => request == 1 ? ReceiverFault.Throttle : ReceiverFault.None, 300);
        await _ledger.WriteAsync(1, 3, Ct);
        await PassAsync([pump], TimeSpan.FromSeconds(300));
        Assert.Single(receiver.Requests);

        await PassAsync([pump], TimeSpan.FromSeconds(100));
        AssertComplete(stream, 1, 4, mayRepeat: false);
    }

    [Fact]
    public async Task What_an_instance_that_is_gone_has_left_goes_to_each_stream_by_itself()
    {
        await _ledger.WriteAsync(2, 30, Ct);
        _ledger.Time.Advance(TimeSpan.FromMinutes(10));
        _collector.Fault = static _ => ReceiverFault.Busy;
        var pumps = new[] { PumpOf(AuditStream.Otlp), PumpOf(AuditStream.Webhook) };
        await Task.WhenAll(pumps.Select(p => p.DrainOthersAsync(TimeSpan.FromMinutes(5), Ct)));
        AssertComplete(AuditStream.Webhook, 2, 31, mayRepeat: false);
        Assert.Empty(_collector.Kept);

        _collector.Fault = static _ => ReceiverFault.None;
        await Task.WhenAll(pumps.Select(p => p.DrainOthersAsync(TimeSpan.FromMinutes(5), Ct)));
        AssertComplete(AuditStream.Otlp, 2, 31, mayRepeat: false);
        AssertComplete(AuditStream.Webhook, 2, 31, mayRepeat: false);
    }

    [Fact]
    public async Task Of_the_dead_one_with_a_record_that_is_not_taken_does_not_hold_up_another()
    {
        _collector.Rejects = line => line.Contains(Instance(2), StringComparison.Ordinal);
        _collector.Fault = static _ => ReceiverFault.Bad;
        await _ledger.WriteAsync(2, 5, Ct);
        await _ledger.WriteAsync(3, 5, Ct);
        _ledger.Time.Advance(TimeSpan.FromDays(3));
        var pump = PumpOf(AuditStream.Otlp);
        await pump.DrainOthersAsync(TimeSpan.FromMinutes(5), Ct);
        AssertComplete(AuditStream.Otlp, 3, 6, mayRepeat: false);

        // Days later its records are still found.
        _collector.Fault = static _ => ReceiverFault.None;
        _ledger.Time.Advance(TimeSpan.FromDays(3));
        await pump.DrainOthersAsync(TimeSpan.FromMinutes(5), Ct);
        AssertComplete(AuditStream.Otlp, 2, 6, mayRepeat: false);
        AssertComplete(AuditStream.Otlp, 3, 6, mayRepeat: false);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData("""{"partialSuccess":null}""", false)]
    [InlineData("""{"partialSuccess":{"errorMessage":"a warning"}}""", false)]
    [InlineData("""{"partialSuccess":{"rejectedLogRecords":"0"}}""", false)]
    [InlineData("""{"partialSuccess":{"rejectedLogRecords":0},"new":1}""", false)]
    [InlineData("""{"partialSuccess":{"rejectedLogRecords":"1"}}""", true)]
    [InlineData("""{"partialSuccess":{"rejectedLogRecords":2}}""", true)]
    [InlineData("""{"partialSuccess":{"rejectedLogRecords":"some"}}""", true)]
    [InlineData("[]", true)]
    [InlineData("ok", true)]
    public void A_collector_s_answer_confirms_only_what_rejects_nothing(string answer, bool isFault) =>
        Assert.Equal(isFault, OtlpSender.RejectionOf(Encoding.UTF8.GetBytes(answer), 10) is not null);

    [Fact]
    public void Batches_are_cut_where_the_limit_is_and_never_empty()
    {
        var line = $$"""{"id":"{{new string('"', 14_000).Replace("\"", "\\\"", StringComparison.Ordinal)}}","inst":"{{Instance(1)}}","seq":7,"ts":"2026-01-01T00:00:00.000001Z","type":"event"}""";
        var records = Enumerable.Repeat((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line), 80).ToArray();

        var (logs, count) = OtlpLogs.BatchOf(new InstanceId(1), records);
        Assert.InRange(logs.Length, OtlpLogs.MaxBytes - 100_000, OtlpLogs.MaxBytes);
        Assert.Equal(Enumerable.Repeat(line, count), OtlpLogReader.Read(logs).Select(l => l.Body));
        Assert.Equal("1767225600000001000", OtlpLogReader.Read(logs)[0].Record.GetProperty("timeUnixNano").GetString());
        Assert.Equal(1, OtlpLogs.BatchOf(new InstanceId(1), records[..1]).Count);

        var (messages, some) = WebhookSender.BatchOf(records);
        Assert.InRange(messages.Length, WebhookSender.MaxBytes - 30_000, WebhookSender.MaxBytes);
        Assert.Equal(some, JsonElement.Parse(messages).GetArrayLength());
    }

    private static string Instance(int number) => new InstanceId((UInt128)number).ToString();

    private static IEnumerable<long> Sequence(int count) => Enumerable.Range(0, count).Select(i => (long)i);

    private StreamReceiver ReceiverOf(string stream) => stream == AuditStream.Otlp ? _collector : _webhook;

    private EventForwarder ForwarderOf(string stream) => new(
        _ledger.Appends,
        _ledger.Blobs,
        new(stream, stream == AuditStream.Otlp
            ? new OtlpSender(new(new Uri(_collector.Url, "v1/logs"), [new("x-credential", new(StreamReceiver.Credential))]), _egress, _ledger.Time).SendAsync
            : new WebhookSender(new(_webhook.Url, new(StreamReceiver.Secret)), _egress, _ledger.Time).SendAsync),
        _ledger.Time);

    private StreamPump PumpOf(string stream) => new(ForwarderOf(stream), _ledger.Writer(1), new Random(7), _ledger.Time, _logs.CreateLogger<StreamPump>());

    private ValueTask<Standing> StandingAsync() =>
        new LedgerStanding(_ledger.Appends, _ledger.Heads, [ForwarderOf(AuditStream.Otlp), ForwarderOf(AuditStream.Webhook)], "test", _ledger.Time).ReadAsync(Ct);

    // A tick after the other, each pump at its own pace, until the time has passed.
    private async Task PassAsync(IReadOnlyList<StreamPump> pumps, TimeSpan time = default)
    {
        var end = _ledger.Time.GetUtcNow() + time;
        do
        {
            foreach (var pump in pumps)
            {
                pump.Tick(Ct);
            }

            await Task.WhenAll(pumps.Select(p => p.Running));
            _ledger.Time.Advance(Tick);
        }
        while (_ledger.Time.GetUtcNow() < end);
    }

    private async Task ForwardUntilDoneAsync(string stream, int instance)
    {
        for (var tries = 0; ; tries++)
        {
            var result = await ForwarderOf(stream).RunAsync(new InstanceId((UInt128)instance), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Ct);
            if (result.IsAll)
            {
                return;
            }

            Assert.InRange(tries, 0, 100);
        }
    }

    private async Task<string[]> LinesAsync() => (await AuditTrail.ReadAsync(_ledger.Appends, Ct)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // The receiver's view: every sequence, and the first of each in order.
    private void AssertComplete(string stream, int instance, int count, bool mayRepeat)
    {
        var sequences = ReceiverOf(stream).SequencesOf(Instance(instance));
        Assert.Equal(Sequence(count), mayRepeat ? sequences.Distinct() : sequences);
    }
}
