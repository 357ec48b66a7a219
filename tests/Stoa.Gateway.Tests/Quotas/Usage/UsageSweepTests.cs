using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas.Usage;

/// <summary>Folding and forgetting: the sums stay what they were, wherever a sweep dies and however many run.</summary>
public sealed class UsageSweepTests : IDisposable
{
    private readonly UsageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_gone_by_becomes_one_sum_per_tool_and_today_stays_as_it_is()
    {
        await NoteAsync(instances: 40, tools: 3);
        _bench.Time.Advance(TimeSpan.FromDays(3));
        await NoteAsync(instances: 2, tools: 1);
        var before = await _bench.WrittenAsync();
        Assert.Equal(42, await _bench.RowsAsync());

        await _bench.Sweep().RunAsync(Ct);

        Assert.Equal(before, await _bench.WrittenAsync());
        Assert.Equal(1 + 2, await _bench.RowsAsync());
    }

    [Fact]
    public async Task It_walks_the_table_once_a_day()
    {
        await NoteAsync(instances: 2, tools: 1);
        _bench.Time.Advance(TimeSpan.FromDays(3));
        await _bench.Sweep().RunAsync(Ct);
        _bench.Store.Reset();

        await _bench.Sweep().RunAsync(Ct);

        Assert.Equal(1, _bench.Store.Operations);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sweep_may_die_at_any_operation(bool appliesFirst)
    {
        for (var dies = 1; dies < 30; dies++)
        {
            using var bench = new UsageBench();
            await NoteAsync(bench, instances: 35, tools: 3);
            bench.Time.Advance(TimeSpan.FromDays(3));
            var before = await bench.WrittenAsync();
            bench.Store.Reset(dies, appliesFirst);
            try
            {
                await bench.Sweep().RunAsync(Ct);
            }
            catch (StorageUnavailableException)
            {
                Assert.Equal(before, await bench.WrittenAsync());
            }

            bench.Store.Reset();
            await bench.Sweep().RunAsync(Ct);

            Assert.Equal(before, await bench.WrittenAsync());
            Assert.True(await bench.RowsAsync() == 1, $"{await bench.RowsAsync()} rows after it died at {dies}.");
        }
    }

    [Fact]
    public async Task Two_at_once_fold_nothing_twice()
    {
        for (var overtakes = 1; overtakes < 12; overtakes++)
        {
            using var bench = new UsageBench();
            await NoteAsync(bench, instances: 35, tools: 3);
            bench.Time.Advance(TimeSpan.FromDays(3));
            var before = await bench.WrittenAsync();
            var at = overtakes;
            bench.Store.Reset();
            bench.Store.Before = async number =>
            {
                if (number == at)
                {
                    await new UsageSweep(bench.Rows, bench.Time).RunAsync(Ct);
                }
            };

            await bench.Sweep().RunAsync(Ct);

            Assert.Equal(before, await bench.WrittenAsync());
        }
    }

    [Fact]
    public async Task Who_reads_while_it_folds_reads_the_same()
    {
        await NoteAsync(instances: 35, tools: 3);
        _bench.Time.Advance(TimeSpan.FromDays(3));
        var before = await _bench.WrittenAsync();
        for (var at = 1; at < 4; at++)
        {
            _bench.Store.Reset();
            var isFirst = true;
            _bench.Store.Before = async number =>
            {
                if (number == at && isFirst)
                {
                    isFirst = false;
                    await new UsageSweep(_bench.Rows, _bench.Time).RunAsync(Ct);
                }
            };

            var read = await new UsageRows(_bench.Store).SumAsync(UsageBench.Partition, _bench.Today.AddDays(-9), _bench.Today, static (_, key) => key.Name, Ct);

            Assert.Equal(before, read);
            _bench.Store.Before = null;
        }
    }

    [Fact]
    public async Task What_is_older_than_400_days_goes_and_leaves_nothing_behind()
    {
        await NoteAsync(instances: 3, tools: 2);
        _bench.Time.Advance(TimeSpan.FromDays(3));
        await _bench.Sweep().RunAsync(Ct);
        _bench.Time.Advance(TimeSpan.FromDays(UsageSweep.DaysKept - 3));
        await _bench.Sweep().RunAsync(Ct);
        Assert.Equal(1, await _bench.RowsAsync());

        _bench.Time.Advance(TimeSpan.FromDays(1));
        await _bench.Sweep().RunAsync(Ct);
        _bench.Time.Advance(TimeSpan.FromDays(1));
        await _bench.Sweep().RunAsync(Ct);

        Assert.Empty((await _bench.Rows.ListAsync(UsageRows.Table, new(UsageBench.Partition), 10, null, Ct)).Rows);
    }

    [Fact]
    public async Task A_row_that_nobody_can_read_is_left_alone_and_told_of()
    {
        await NoteAsync(instances: 2, tools: 1);
        var damaged = UsageRowKey.OfOwner(_bench.Today, "0000000000000000", 0);
        await _bench.Rows.WriteAsync(UsageRows.Table, RowChange.Insert(UsageBench.Partition, damaged, "{"u8.ToArray()), Ct);
        _bench.Time.Advance(TimeSpan.FromDays(3));

        await _bench.Sweep().RunAsync(Ct);

        Assert.Equal(2, await _bench.RowsAsync());
        await Assert.ThrowsAsync<InvalidDataException>(_bench.WrittenAsync);
    }

    [Fact]
    public void Whatever_instances_sweeps_and_storage_do_every_call_is_in_one_sum() => Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(60),
        Prop.ForAll(Gen.Choose(0, 9).ListOf().ToArbitrary(), steps => RunAsync(steps).GetAwaiter().GetResult()));

    private static async Task RunAsync(IEnumerable<int> steps)
    {
        using var bench = new UsageBench();
        UsageBook[] books = [bench.Instance(), bench.Instance()];
        var (noted, number) = (0L, 0);
        foreach (var step in steps)
        {
            number++;
            var book = books[number % 2];
            switch (step)
            {
                case 0:
                    bench.Time.Advance(TimeSpan.FromHours(11));

                    // Ticks run beside the test. No instance is without storage for a day, which is when it would give up.
                    foreach (var each in books)
                    {
                        await TryAsync(() => FlushAsync(bench, each));
                        await FlushAsync(bench, each);
                    }

                    break;
                case 1:
                    await TryAsync(async () => await bench.Sweep().RunAsync(Ct));
                    break;
                case 2:
                    bench.Store.Reset(1 + (number % 3), appliesFirst: number % 2 == 0);
                    break;
                case 3 or 4:
                    await TryAsync(() => FlushAsync(bench, book));
                    break;
                default:
                    book.Add(UsageBench.Partition, UsageBench.Tool($"tool_{step}"), UsageBench.Calls(1));
                    noted++;
                    break;
            }
        }

        bench.Store.Reset();
        await Task.WhenAll(books.Select(b => b.DrainAsync(Ct)));
        bench.Time.Advance(TimeSpan.FromDays(3));
        await bench.Sweep().RunAsync(Ct);
        var written = (await bench.TotalAsync()).Calls;
        Assert.True(written == noted, $"{written} of {noted} calls after {string.Join(' ', steps)}.");
    }

    // What a query does first.
    private static async Task FlushAsync(UsageBench bench, UsageBook book) => await book.SumAsync(UsageBench.Partition, bench.Today, bench.Today, static (_, _) => "all", Ct);

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StorageUnavailableException)
        {
            // It is tried again, now or at the end.
        }
    }

    private Task NoteAsync(int instances, int tools) => NoteAsync(_bench, instances, tools);

    private static async Task NoteAsync(UsageBench bench, int instances, int tools)
    {
        for (var i = 0; i < instances; i++)
        {
            var book = bench.Instance();
            for (var t = 0; t < tools; t++)
            {
                book.Add(UsageBench.Partition, UsageBench.Tool($"tool_{t}"), UsageBench.Calls(i + 1));
            }

            await book.DrainAsync(Ct);
        }
    }
}
