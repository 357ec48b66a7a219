using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Quotas.Usage;

public sealed class UsageBookTests : IDisposable
{
    private readonly UsageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_instances_note_is_summed_over_all_of_them()
    {
        var (a, b) = (_bench.Instance(), _bench.Instance());
        Note(a, "look", 3);
        Note(b, "look", 4);
        Note(b, "buy", 1, "other-bot");
        await b.DrainAsync(Ct);

        var sums = await a.SumAsync(UsageBench.Partition, _bench.Today, _bench.Today, static (_, key) => $"{key.Consumer}/{key.Name}", Ct);

        Assert.Equal(
            new Dictionary<string, UsageSums> { ["bot/look"] = UsageBench.Calls(7), ["other-bot/buy"] = UsageBench.Calls(1) },
            new Dictionary<string, UsageSums>(sums));
    }

    [Fact]
    public async Task It_writes_a_second_after_the_first_call_and_rests_without_calls()
    {
        var book = _bench.Instance();
        Assert.Equal(0, _bench.Time.Timers);
        Note(book, "look", 1);
        Note(book, "look", 1);
        Assert.Equal(0, _bench.Store.Operations);

        _bench.Time.Advance(UsageBook.Interval);

        await Eventually.TrueAsync(async () => await _bench.TotalAsync() == UsageBench.Calls(2), TimeSpan.FromSeconds(30), "two calls are written");
        Assert.Equal((1, 0), (_bench.Store.Operations, _bench.Time.Timers));
    }

    [Fact]
    public async Task Hundreds_of_sums_are_one_write()
    {
        var book = _bench.Instance();
        for (var i = 0; i < 500; i++)
        {
            Note(book, $"tool_{i}", 1);
        }

        await book.DrainAsync(Ct);

        Assert.Equal(1, _bench.Store.Operations);
        Assert.Equal(UsageBench.Calls(500), await _bench.TotalAsync());
    }

    [Fact]
    public async Task Only_rows_that_changed_are_written_again()
    {
        var book = _bench.Instance();
        for (var i = 0; i < 500; i++)
        {
            Note(book, $"tool_{i}", 1);
        }

        await FlushAsync(book);
        var before = await VersionsAsync();
        Note(book, "tool_3", 1);
        await FlushAsync(book);

        Assert.Single((await VersionsAsync()).Except(before));
        Assert.Equal(UsageBench.Calls(501), await _bench.TotalAsync());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task A_write_that_fails_or_whose_answer_is_lost_loses_and_doubles_nothing(int operation, bool appliesFirst)
    {
        var book = _bench.Instance();
        _bench.Store.Reset(operation, appliesFirst);
        for (var i = 0; i < 6; i++)
        {
            Note(book, "look", 1);
            try
            {
                await FlushAsync(book);
            }
            catch (StorageUnavailableException)
            {
                // The next one makes up for it.
            }
        }

        Assert.Equal(UsageBench.Calls(6), await _bench.TotalAsync());
    }

    [Fact]
    public async Task What_there_is_no_room_to_tell_apart_is_counted_all_the_same()
    {
        var book = _bench.Instance();
        for (var i = 0; i < 5000; i++)
        {
            Note(book, $"name_{i}", 1);
        }

        Note(book, new string('x', 1000), 1);
        Note(book, "line\nbreak", 1);
        await book.DrainAsync(Ct);

        var written = await _bench.WrittenAsync();
        Assert.Equal(UsageBench.Calls(5002), await _bench.TotalAsync());
        Assert.Equal(5002 - 2000, written[UsageKey.Rest].Calls);
        Assert.Equal(2001, written.Count);
    }

    [Fact]
    public async Task A_day_that_ends_keeps_its_sums_and_leaves_memory()
    {
        var book = _bench.Instance();
        var first = _bench.Today;
        Note(book, "look", 1);
        _bench.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        Note(book, "look", 2);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Note(book, "look", 4);

        var days = await book.SumAsync(UsageBench.Partition, first, first.AddDays(1), static (day, _) => UsageRowKey.From(day), Ct);
        Assert.Equal([("20260101", 3L), ("20260102", 4L)], days.OrderBy(d => d.Key).Select(d => (d.Key, d.Value.Calls)));

        await FlushAsync(book);
        _bench.Time.Advance(TimeSpan.FromMinutes(11));
        await FlushAsync(book);
        Note(book, "look", 8);
        Assert.Equal(12, (await book.SumAsync(UsageBench.Partition, first.AddDays(1), first.AddDays(1), static (_, _) => "all", Ct))["all"].Calls);
    }

    [Fact]
    public async Task Callers_of_many_threads_are_all_counted_while_it_writes()
    {
        var book = _bench.Instance();
        var noting = Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
            () =>
            {
                for (var n = 0; n < 5000; n++)
                {
                    Note(book, $"tool_{(n + i) % 70}", 1);
                }
            },
            Ct)));
        while (!noting.IsCompleted)
        {
            await FlushAsync(book);
        }

        await noting;
        await book.DrainAsync(Ct);

        Assert.Equal(UsageBench.Calls(20_000), await _bench.TotalAsync());
    }

    [Fact]
    public void Noting_a_call_allocates_nothing()
    {
        var book = _bench.Instance();
        Note(book, "look", 1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            book.Add(UsageBench.Partition, new("bot", UsageKind.Tool, "look", ""), UsageBench.Calls(1));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Note(UsageBook book, string tool, long calls, string consumer = "bot") => book.Add(UsageBench.Partition, UsageBench.Tool(tool, consumer), UsageBench.Calls(calls));

    // What a query does first.
    private async Task FlushAsync(UsageBook book) => await book.SumAsync(UsageBench.Partition, _bench.Today, _bench.Today, static (_, _) => "all", Ct);

    private async Task<IReadOnlyList<string>> VersionsAsync() =>
        [.. (await _bench.Rows.ListAsync(UsageRows.Table, new(UsageBench.Partition), 1000, null, Ct)).Rows.Select(r => $"{r.Key} {r.ETag}")];
}
