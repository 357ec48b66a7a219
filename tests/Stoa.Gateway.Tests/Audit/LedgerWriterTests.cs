using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Audit;

public sealed class LedgerWriterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);
    private readonly FakeTime _time = new();
    private readonly MemoryAppendStore _memory = new(TimeProvider.System);
    private readonly FailingStore _rows = new(new MemoryRowStore(), new MemoryBlobStore(TimeProvider.System));
    private readonly ScriptedAppendStore _store;
    private readonly LedgerWriter _writer;

    public LedgerWriterTests()
    {
        _store = new(_memory);
        _writer = new(_store, new InstanceRegistry(_rows), new InstanceId(42), new AuditSettings(Late), _time, NullLogger<LedgerWriter>.Instance);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task A_record_is_acknowledged_once_it_and_its_instance_are_stored()
    {
        Assert.True(await DurableAsync("a"));

        var trail = await AuditTrail.ReadAsync(_memory, Ct);
        Assert.Equal(["open", "note"], trail.Records.Select(r => r.GetProperty("type").GetString()));
        var row = Assert.Single((await _rows.ListAsync(InstanceRegistry.Table, new RowRange(), 10, null, Ct)).Rows);
        Assert.True(Registration.TryParse(row.Value.Span, out var registration));
        Assert.Equal(new InstanceId(42), registration.Instance);
    }

    [Fact]
    public async Task No_record_is_acknowledged_while_the_instance_cannot_be_registered()
    {
        _rows.IsDown = true;
        var durable = Append("a").Durable;
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(durable.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.False(await durable.WaitAsync(Patience));
        Assert.Empty((await AuditTrail.ReadAsync(_memory, Ct)).Records);
    }

    [Fact]
    public async Task An_idle_writer_appends_at_once_and_a_busy_one_groups()
    {
        Assert.True(await DurableAsync("first"));
        Assert.Equal(1, _store.Appends);

        _store.Hold();
        var tickets = Enumerable.Range(0, 50).Select(i => Append($"r{i}")).ToArray();
        _store.Release();
        Assert.All(await Task.WhenAll(tickets.Select(t => t.Durable)).WaitAsync(Patience), Assert.True);

        // One that was under way, and one or two for all that had gathered meanwhile.
        Assert.InRange(_store.Appends, 2, 4);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"r{i}"), (await AuditTrail.ReadAsync(_memory, Ct)).Of("note").Skip(1).Select(r => r.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task What_nobody_waits_for_leaves_with_the_next()
    {
        Assert.True(await DurableAsync("first"));
        _writer.Post(new AuditRecord(RecordType.Note) { Target = "posted" });
        Assert.True(await DurableAsync("next"));

        Assert.Equal(2, _store.Appends);
        Assert.Equal(["first", "posted", "next"], (await AuditTrail.ReadAsync(_memory, Ct)).Of("note").Select(r => r.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task What_nobody_waits_for_leaves_soon_when_nothing_follows()
    {
        Assert.True(await DurableAsync("first"));
        _writer.Post(new AuditRecord(RecordType.Note) { Target = "posted" });
        _writer.Post(new AuditRecord(RecordType.Note) { Target = "posted, too" });
        Assert.Equal(1, _store.Appends);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await Eventually.TrueAsync(() => Task.FromResult(_store.Appends == 2), Patience, "they are stored");
        Assert.Equal(3, (await AuditTrail.ReadAsync(_memory, Ct)).Of("note").Count());

        await _writer.DrainAsync(Ct);
        Assert.Equal("close", (await AuditTrail.ReadAsync(_memory, Ct)).Records[^1].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Lost_answers_never_duplicate()
    {
        using var writer = Patient(44);
        for (var i = 0; i < 20; i++)
        {
            _store.LosesAnswers = i % 3;
            var durable = writer.Append(new AuditRecord(RecordType.Note) { Target = $"r{i}" }).Durable;
            await PassAsync(durable);
            Assert.True(await durable);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"r{i}"), (await AuditTrail.ReadAsync(_memory, Ct)).Of("note").Select(r => r.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task Two_seconds_without_durability_close_the_gate_until_an_append_succeeds()
    {
        await DurableAsync("a");
        _store.Hold();
        var waiting = Append("b").Durable;
        _time.Advance(Late - TimeSpan.FromMilliseconds(1));
        Assert.True(_writer.IsOpen);
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(await waiting.WaitAsync(Patience));
        Assert.False(_writer.IsOpen);
        Assert.False(_writer.IsInTime);

        _store.Release();
        await Eventually.TrueAsync(() => Task.FromResult(_writer.IsOpen), Patience, "the writer is open again");
        Assert.Equal(["a", "b"], (await AuditTrail.ReadAsync(_memory, Ct)).Of("note").Select(r => r.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task Each_record_has_its_own_two_seconds()
    {
        await DurableAsync("a");
        _store.Hold();
        var first = Append("b").Durable;
        await Eventually.TrueAsync(() => Task.FromResult(_store.Waiting > 0), Patience, "the first block has left");
        _time.Advance(TimeSpan.FromSeconds(1.5));
        var second = Append("c").Durable;
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.False(await first.WaitAsync(Patience));
        Assert.False(second.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.False(await second.WaitAsync(Patience));
        _store.Release();
    }

    [Fact]
    public async Task More_than_4_MB_waiting_closes_the_gate_and_what_was_begun_may_still_end()
    {
        _store.Hold();
        var tickets = new List<LedgerTicket>();
        while (_writer.IsOpen)
        {
            tickets.Add(Append(new string('x', 30_000)));
        }

        tickets.Add(Append("the end of what was begun"));
        Assert.InRange(tickets.Count, 130, 150);
        _store.Release();

        Assert.All(await Task.WhenAll(tickets.Select(t => t.Durable)).WaitAsync(Patience), Assert.True);
        Assert.True(_writer.IsOpen);
        Assert.Equal(tickets.Count, (await AuditTrail.ReadAsync(_memory, Ct)).Of("note").Count());
    }

    [Fact]
    public async Task Another_slot_is_another_blob()
    {
        await DurableAsync("a");
        _time.Advance(TimeSpan.FromMinutes(10));
        await DurableAsync("b");

        Assert.Equal(2, (await _memory.ListAsync(LedgerWriter.Container, "ledger/", 10, null, Ct)).Entries.Count);
        Assert.Equal(3, (await AuditTrail.ReadAsync(_memory, Ct)).Records.Count);
    }

    [Fact]
    public async Task A_blob_that_somebody_tampered_with_is_left_and_nothing_is_lost()
    {
        await DurableAsync("a");
        var blob = (await _memory.ListAsync(LedgerWriter.Container, "ledger/", 10, null, Ct)).Entries.Single();
        await _memory.AppendAsync(LedgerWriter.Container, blob.Name, "garbage"u8.ToArray(), blob.Length, Ct);

        Assert.True(await DurableAsync("b"));

        Assert.Equal(2, (await _memory.ListAsync(LedgerWriter.Container, "ledger/", 10, null, Ct)).Entries.Count);
        Assert.Equal(3, (await AuditTrail.ReadAsync(_memory, Ct, mayBeTorn: true)).Records.Count);
    }

    // Each try would leave one more empty blob in a store that forgets nothing.
    [Fact]
    public async Task A_store_in_which_no_blob_can_be_gone_on_with_is_not_flooded()
    {
        var refusing = new ScriptedAppendStore(_memory) { RefusesBlocks = true };
        using var writer = Patient(43, refusing);
        var durable = writer.Append(new AuditRecord(RecordType.Note) { Target = "a" }).Durable;
        await Eventually.TrueAsync(async () => await BlobsAsync() >= 1, Patience, "it tries");
        for (var i = 0; i < 50; i++)
        {
            await Task.Yield();
        }

        Assert.InRange(await BlobsAsync(), 1, 2);
        refusing.RefusesBlocks = false;
        await PassAsync(durable);
        Assert.True(await durable);

        async Task<int> BlobsAsync() => (await _memory.ListAsync(LedgerWriter.Container, "ledger/", 5000, null, Ct)).Entries.Count;
    }

    [Fact]
    public async Task Draining_writes_the_close_and_takes_no_more()
    {
        await DurableAsync("a");
        await _writer.DrainAsync(Ct);

        Assert.False(_writer.IsOpen);
        Assert.False(await Append("late").Durable);
        var trail = await AuditTrail.ReadAsync(_memory, Ct);
        Assert.Equal(["open", "note", "close"], trail.Records.Select(r => r.GetProperty("type").GetString()));
        Assert.Equal(1, trail.Records[^1].GetProperty("lastSeq").GetInt64());
    }

    [Fact]
    public async Task An_instance_that_wrote_nothing_leaves_nothing()
    {
        await _writer.DrainAsync(Ct);

        Assert.Empty((await _memory.ListAsync(LedgerWriter.Container, "", 10, null, Ct)).Entries);
        Assert.Empty((await _rows.ListAsync(InstanceRegistry.Table, new RowRange(), 10, null, Ct)).Rows);
    }

    private LedgerTicket Append(string text) => _writer.Append(new AuditRecord(RecordType.Note) { Target = text });

    private Task<bool> DurableAsync(string text) => Append(text).Durable.WaitAsync(Patience);

    // The clock may go on for long while a thread of the writer's stands still, and then no record may be too late.
    private LedgerWriter Patient(int instance, IAppendStore? store = null) =>
        new(store ?? _store, new InstanceRegistry(_rows), new InstanceId((UInt128)instance), new AuditSettings(TimeSpan.FromDays(1)), _time, NullLogger<LedgerWriter>.Instance);

    // Pauses between tries are the writer's affair; the clock goes on until it is done.
    private async Task PassAsync(Task done)
    {
        await Eventually.TrueAsync(
            () =>
            {
                if (!done.IsCompleted)
                {
                    _time.Advance(TimeSpan.FromMilliseconds(100));
                }

                return Task.FromResult(done.IsCompleted);
            },
            Patience,
            "the record is durable");
    }
}
