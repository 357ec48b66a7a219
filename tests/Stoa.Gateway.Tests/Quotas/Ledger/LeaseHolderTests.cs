using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

public class LeaseHolderTests(ITestOutputHelper output)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Bench _bench = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Fifty_parallel_calls_against_room_for_ten_admit_exactly_ten(int instances)
    {
        var holders = Enumerable.Range(0, instances).Select(_ => _bench.Join()).ToList();
        var subject = Bench.Subject(Limits(Dimension.Requests, Window.Minute, 10), Limits(Dimension.Requests, Window.Day, 1000));

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Task.Run(async () => await holders[i % instances].ReserveAsync(subject, Bench.Calls(1), None))));

        Assert.Equal(10, verdicts.Count(v => v.IsGranted));
        Assert.Equal(10, await _bench.UsedAsync("c--bot", Dimension.Requests, Window.Minute));
    }

    [Fact]
    public async Task Both_scopes_hold_at_once_and_a_refusal_by_one_takes_nothing_of_the_other()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100), Limits(Dimension.Tokens, Window.Minute, 30));

        Assert.True((await holder.ReserveAsync(subject, Tokens(20), None)).IsGranted);
        var refusal = (await holder.ReserveAsync(subject, Tokens(20), None)).Refusal!;
        await holder.DrainAsync();

        Assert.Equal(("t", 10), (refusal.Shortage.Scope, refusal.Shortage.Left));
        Assert.Equal(new Limit(Dimension.Tokens, Window.Minute, 30), refusal.Shortage.Limit);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
        Assert.Equal(20, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task Who_waits_as_long_as_a_refusal_says_is_admitted()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Requests, Window.Second, 3));
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await holder.ReserveAsync(subject, Bench.Calls(1), None)).IsGranted);
        }

        var refusal = (await holder.ReserveAsync(subject, Bench.Calls(1), None)).Refusal!;
        _bench.Time.Advance(refusal.RetryAfter!.Value);

        Assert.True((await holder.ReserveAsync(subject, Bench.Calls(1), None)).IsGranted);
    }

    [Fact]
    public async Task What_is_larger_than_the_limit_is_never_worth_waiting_for()
    {
        var refusal = (await _bench.Join().ReserveAsync(Bench.Subject(Limits(Dimension.Tokens, Window.Minute, 100)), Tokens(101), None)).Refusal!;

        Assert.Null(refusal.RetryAfter);
    }

    [Fact]
    public async Task A_steady_load_costs_no_more_than_a_twentieth_of_a_storage_operation_per_call()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(
            new([new(Dimension.Requests, Window.Minute, 6000), new(Dimension.Tokens, Window.Day, 10_000_000)], calls: 50),
            new([new(Dimension.Requests, Window.Minute, 60_000)], calls: 500));
        var request = new QuotaRequest(new(1, 200), new(1));

        // 50 calls a second for two minutes, each settled before the next, with the flush of every second.
        for (var call = 0; call < 6000; call++)
        {
            if (call == 500)
            {
                _bench.Store.Reset();
            }

            var verdict = await holder.ReserveAsync(subject, request, None);
            Assert.True(verdict.IsGranted);
            holder.Settle(verdict.Reservation, new(1, 150));
            _bench.Time.Advance(TimeSpan.FromMilliseconds(20));
            if (call % 50 == 0)
            {
                await holder.FlushAsync();
            }
        }

        output.WriteLine($"{_bench.Store.Operations} storage operations for 5500 calls");
        Assert.InRange(_bench.Store.Operations, 1, 5500 / 20);
        await holder.DrainAsync();
        Assert.Equal(6000 * 150, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task A_call_on_a_held_lease_touches_no_storage_and_allocates_nothing()
    {
        var holder = _bench.Join();
        var limits = new Limits([new(Dimension.Requests, Window.Day, 1_000_000), new(Dimension.Tokens, Window.Day, 1_000_000_000)], calls: 1000);
        var subject = Bench.Subject(limits, limits);
        var request = new QuotaRequest(new(1, 100), new(1));
        for (var i = 0; i < 5000; i++)
        {
            holder.Settle((await holder.ReserveAsync(subject, request, None)).Reservation, new(1, 100));
        }

        var operations = _bench.Store.Operations;

        // The runtime may allocate on a thread of ours while it compiles; not in every round.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated()));
        Assert.Equal(operations, _bench.Store.Operations);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
            {
                var isHeld = holder.TryReserve(subject, request, out var reservation);
                holder.Settle(reservation, new(1, 80));
                if (!isHeld)
                {
                    Assert.Fail("The lease should have lasted.");
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task A_reservation_is_settled_once()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100));
        var first = (await holder.ReserveAsync(subject, Tokens(60), None)).Reservation;
        holder.Settle(first, new(0, 60));
        var second = (await holder.ReserveAsync(subject, Tokens(40), None)).Reservation;

        holder.Settle(first, default);
        holder.Settle(second, new(0, 40));
        holder.Settle(second, default);
        await holder.DrainAsync();

        Assert.Equal(100, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task What_is_used_beyond_the_reservation_is_charged_and_blocks_the_next_call()
    {
        var (holder, other) = (_bench.Join(), _bench.Join());
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100));
        holder.Settle((await holder.ReserveAsync(subject, Tokens(80), None)).Reservation, new(0, 150));
        await holder.FlushAsync();

        var refusal = (await other.ReserveAsync(subject, Tokens(10), None)).Refusal!;
        await holder.DrainAsync();

        Assert.Equal(-50, refusal.Shortage.Left);
        Assert.Equal(TimeSpan.FromHours(12), refusal.RetryAfter);
        Assert.Equal(150, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task A_scope_that_the_instance_has_forgotten_goes_on_where_it_was()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100));
        holder.Settle((await holder.ReserveAsync(subject, Tokens(10), None)).Reservation, new(0, 30));
        await holder.DrainAsync();

        // If the debt was written together with the rest, its lease is still in the row, with the number of that write.
        _bench.Time.Advance(TimeSpan.FromSeconds(70));
        await holder.FlushAsync();
        _bench.Store.Reset();

        // Read and write: it is not taken for a write that has been made already.
        Assert.True((await holder.ReserveAsync(subject, Tokens(70), None)).IsGranted);
        Assert.Equal(2, _bench.Store.Operations);
        Assert.Equal(100, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task A_scope_whose_last_write_was_a_debt_is_forgotten_like_any_other()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100));
        holder.Settle((await holder.ReserveAsync(subject, Tokens(10), None)).Reservation, new(0, 30));
        await holder.FlushAsync();
        await holder.DrainAsync();

        _bench.Time.Advance(TimeSpan.FromSeconds(70));
        await holder.FlushAsync();

        Assert.False(holder.KnowsScopes);
    }

    [Fact]
    public async Task A_debt_in_tokens_does_not_concern_calls_that_need_none()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(new([new(Dimension.Tokens, Window.Day, 100), new(Dimension.Requests, Window.Day, 100)]));
        holder.Settle((await holder.ReserveAsync(subject, Tokens(80), None)).Reservation, new(0, 150));

        Assert.True((await holder.ReserveAsync(subject, Bench.Calls(1), None)).IsGranted);
        Assert.False((await holder.ReserveAsync(subject, Tokens(1), None)).IsGranted);
    }

    [Fact]
    public async Task A_stream_tops_up_until_nothing_more_can_be_had_and_is_charged_what_it_used()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100));
        var stream = (await holder.ReserveAsync(subject, Tokens(40), None)).Reservation;

        Assert.True((await holder.TopUpAsync(subject, stream, new(0, 40), new(0, 40), None)).IsGranted);
        Assert.False((await holder.TopUpAsync(subject, stream, new(0, 80), new(0, 40), None)).IsGranted);
        Assert.True((await holder.TopUpAsync(subject, stream, new(0, 80), new(0, 20), None)).IsGranted);
        Assert.False((await holder.TopUpAsync(subject, stream, new(0, 100), new(0, 1), None)).IsGranted);
        holder.Settle(stream, new(0, 97));
        await holder.DrainAsync();

        Assert.Equal(97, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task A_cap_of_two_streams_refuses_the_third_until_one_ends()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(new([], calls: 10, streams: 2));
        var request = new QuotaRequest(default, new(1, 1));
        var first = (await holder.ReserveAsync(subject, request, None)).Reservation;
        Assert.True((await holder.ReserveAsync(subject, request, None)).IsGranted);

        var refusal = (await holder.ReserveAsync(subject, request, None)).Refusal!;
        holder.Settle(first, default);

        Assert.Equal((SlotKind.Stream, 2, 0), (refusal.Shortage.Slot!.Value, refusal.Shortage.Allowed, refusal.Shortage.Left));
        Assert.True((await holder.ReserveAsync(subject, request, None)).IsGranted);
    }

    [Fact]
    public async Task A_slot_that_is_free_here_is_free_elsewhere_after_the_next_flush()
    {
        var (holder, other) = (_bench.Join(), _bench.Join());
        var subject = Bench.Subject(new([], calls: 1));
        var request = new QuotaRequest(default, new(1));
        holder.Settle((await holder.ReserveAsync(subject, request, None)).Reservation, default);

        // The first flush sees that it was in use of late, the second that it no longer is.
        await holder.FlushAsync();
        await holder.FlushAsync();

        Assert.True((await other.ReserveAsync(subject, request, None)).IsGranted);
    }

    [Fact]
    public async Task A_living_instance_keeps_its_slots_and_a_crashed_one_loses_them_after_a_minute()
    {
        var (living, crashed, other) = (_bench.Join(), _bench.Join(), _bench.Join());
        var subject = Bench.Subject(new([], calls: 2));
        var request = new QuotaRequest(default, new(1));
        await living.ReserveAsync(subject, request, None);
        await crashed.ReserveAsync(subject, request, None);
        for (var second = 0; second < 59; second++)
        {
            await living.FlushAsync();
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False((await other.ReserveAsync(subject, request, None)).IsGranted);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await living.FlushAsync();

        Assert.True((await other.ReserveAsync(subject, request, None)).IsGranted);
        Assert.False((await other.ReserveAsync(subject, request, None)).IsGranted);
    }

    [Fact]
    public async Task While_storage_is_down_what_is_held_lasts_and_then_calls_fail_and_recover()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Requests, Window.Day, 1000));
        var admitted = 0;
        for (; admitted < 20; admitted++)
        {
            await holder.ReserveAsync(subject, Bench.Calls(1), None);
        }

        await holder.FlushAsync();
        _bench.Store.IsDown = true;
        while (holder.TryReserve(subject, Bench.Calls(1), out _))
        {
            admitted++;
        }

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await holder.ReserveAsync(subject, Bench.Calls(1), None));
        _bench.Store.IsDown = false;

        Assert.InRange(admitted, 21, 200);
        Assert.True((await holder.ReserveAsync(subject, Bench.Calls(1), None)).IsGranted);
        await holder.DrainAsync();
        Assert.True(await _bench.UsedAsync("c--bot", Dimension.Requests, Window.Day) >= admitted + 1);
    }

    [Fact]
    public async Task A_call_that_leaves_while_it_waits_keeps_nothing()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(new([new(Dimension.Tokens, Window.Day, 100)], calls: 1));
        using var gone = new CancellationTokenSource();
        var isHeld = new TaskCompletionSource();
        _bench.Store.Before = async _ => await isHeld.Task;

        var waiting = holder.ReserveAsync(subject, new(new(0, 60), new(1)), gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
        isHeld.SetResult();
        await holder.DrainAsync();

        Assert.Equal(0, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
        Assert.True((await holder.ReserveAsync(subject, new(new(0, 100), new(1)), None)).IsGranted);
    }

    [Fact]
    public async Task After_a_drain_nothing_is_held_and_a_sweep_removes_what_is_empty()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Requests, Window.Minute, 1000), new([], calls: 100));
        holder.Settle((await holder.ReserveAsync(subject, new(new(1), new(1)), None)).Reservation, new(1));
        await holder.DrainAsync();

        Assert.Empty((await _bench.Ledger.LoadAsync("acme", "c--bot", None)).Leases);
        Assert.Empty((await _bench.Ledger.LoadAsync("acme", "t", None)).Leases);
        Assert.Equal(1, await _bench.UsedAsync("c--bot", Dimension.Requests, Window.Minute));
        _bench.Time.Advance(TimeSpan.FromDays(3));
        Assert.Null(await _bench.Ledger.SweepAsync(null, None));
        Assert.Empty((await ((IRowStore)_bench.Store).ListAsync(QuotaLedger.Table, default, 10, null, None)).Rows);
    }

    [Fact]
    public async Task The_numbers_for_headers_count_what_others_hold_as_used()
    {
        var (holder, other) = (_bench.Join(), _bench.Join());
        var limit = new Limit(Dimension.Requests, Window.Day, 1000);
        var subject = Bench.Subject(new([limit]));
        await other.ReserveAsync(subject, Bench.Calls(200), None);
        Assert.Empty(holder.Standings(subject));

        await holder.ReserveAsync(subject, Bench.Calls(10), None);
        var standing = Assert.Single(holder.Standings(subject));

        Assert.InRange(standing.Share, 1, 1000 - 200 - 10);
        Assert.Equal(_bench.Time.GetUtcNow().Date.AddDays(1), DateTimeOffset.FromUnixTimeMilliseconds(standing.FullAt).UtcDateTime);
    }

    [Fact]
    public async Task Alone_an_instance_tells_all_that_is_left_and_beside_others_no_more_than_its_share()
    {
        var limit = new Limit(Dimension.Requests, Window.Day, 1000);
        var subject = Bench.Subject(new([limit]));
        var instances = Enumerable.Range(0, 4).Select(_ => _bench.Join()).ToArray();
        await instances[0].ReserveAsync(subject, Bench.Calls(10), None);
        Assert.Equal(990, Assert.Single(instances[0].Standings(subject)).Share);

        foreach (var instance in instances)
        {
            await instance.ReserveAsync(subject, Bench.Calls(90), None);
        }

        // All of them write once more, so that all know the same four leases or fewer free calls.
        foreach (var instance in instances)
        {
            await instance.ReserveAsync(subject, Bench.Calls(100), None);
        }

        var left = 1000 - await _bench.UsedAsync("c--bot", Dimension.Requests, Window.Day);
        var newest = Assert.Single(instances[^1].Standings(subject)).Share;
        Assert.InRange(newest, left / 4, 1000 - 10 - (4 * 90) - (4 * 100));
    }

    [Fact]
    public async Task A_sweep_ends_what_a_crashed_instance_left_and_returns_nothing_of_it()
    {
        await _bench.Join().ReserveAsync(Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100)), Tokens(60), None);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(Bench.Terms.Block));

        await Task.WhenAll(_bench.Ledger.SweepAsync(null, None).AsTask(), _bench.Ledger.SweepAsync(null, None).AsTask());

        var row = await ((IRowStore)_bench.Store).GetAsync(QuotaLedger.Table, "acme", "c--bot", None);
        Assert.Empty(EntityCodec.Read(row!).Leases);
        Assert.Equal(60, await _bench.UsedAsync("c--bot", Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_admits_nobody_until_it_is_reset()
    {
        var holder = _bench.Join();
        var subject = Bench.Subject(Limits(Dimension.Tokens, Window.Day, 100));
        await ((IRowStore)_bench.Store).WriteAsync(QuotaLedger.Table, RowChange.Insert("acme", "c--bot", new byte[] { 99, 1, 2 }), None);

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await holder.ReserveAsync(subject, Tokens(1), None));
        Assert.True(await _bench.Ledger.ResetAsync("acme", "c--bot", TimeSpan.FromMinutes(10), None));

        Assert.True((await holder.ReserveAsync(subject, Tokens(1), None)).IsGranted);
        Assert.False(await _bench.Ledger.ResetAsync("acme", "c--nobody", TimeSpan.FromMinutes(10), None));
    }

    [Fact]
    public async Task Instances_whose_clocks_are_five_minutes_apart_share_one_limit()
    {
        LeaseHolder[] holders = [_bench.Join(TimeSpan.FromMinutes(-5)), _bench.Join(), _bench.Join(TimeSpan.FromMinutes(5))];
        var subject = Bench.Subject(Limits(Dimension.Requests, Window.Day, 100));
        var admitted = 0;
        for (var i = 0; i < 150; i++)
        {
            admitted += (await holders[i % 3].ReserveAsync(subject, Bench.Calls(1), None)).IsGranted ? 1 : 0;
        }

        Assert.InRange(admitted, 60, 100);
        Assert.InRange(await _bench.UsedAsync("c--bot", Dimension.Requests, Window.Day), admitted, 100);
    }

    private static Limits Limits(Dimension dimension, Window window, long amount) => new([new(dimension, window, amount)]);

    private static QuotaRequest Tokens(long tokens) => new(new(0, tokens), default);
}
