using Stoa.Gateway.Config;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Config;

public sealed class ConfigSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ConfigBench _bench = new();

    [Fact]
    public async Task Old_revisions_beyond_the_newest_fifty_go_and_the_rest_still_loads()
    {
        for (var i = 1; i <= 60; i++)
        {
            await _bench.CommitAsync(ConfigBench.Resource("Tool", "t", $$"""{"v":{{i}}}"""));
        }

        Assert.Equal(0, await _bench.Sweep().RunAsync(None));
        _bench.Time.Advance(ConfigSweep.KeptFor + TimeSpan.FromSeconds(1));
        Assert.Equal(10, await _bench.Sweep().RunAsync(None));

        Assert.Equal(50, (await _bench.BlobNamesAsync()).Count);
        Assert.Equal(11, (await _bench.First.Config.HistoryAsync(ConfigBench.Acme, null, 1000, None))[^1].Number);
        Assert.Null(await _bench.First.Config.LoadRevisionAsync(ConfigBench.Acme, 10, None));
        Assert.NotNull(await _bench.First.Config.LoadRevisionAsync(ConfigBench.Acme, 11, None));
        Assert.Equal(60, (await _bench.Join().GetAsync())!.Number);
    }

    [Fact]
    public async Task Blobs_that_no_revision_names_go_after_an_hour_and_pending_ones_after_a_day()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "t"));
        await OrphanAsync("acme/1-lost.json");
        await OrphanAsync("acme/2-pending.json");
        await OrphanAsync("never-born/1-crashed.json");

        _bench.Time.Advance(ConfigSweep.OrphanAge - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await _bench.Sweep().RunAsync(None));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _bench.Sweep().RunAsync(None));
        Assert.DoesNotContain("acme/1-lost.json", await _bench.BlobNamesAsync());
        Assert.Contains("acme/2-pending.json", await _bench.BlobNamesAsync());
        _bench.Time.Advance(ConfigSweep.PendingAge);
        Assert.Equal(2, await _bench.Sweep().RunAsync(None));

        Assert.Single(await _bench.BlobNamesAsync());
        Assert.NotNull(await _bench.Join().GetAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sweep_killed_anywhere_and_run_again_beside_another_harms_nothing(bool appliesFirst)
    {
        for (var i = 1; i <= 53; i++)
        {
            await _bench.CommitAsync(ConfigBench.Resource("Tool", "t", $$"""{"v":{{i}}}"""));
        }

        await OrphanAsync("acme/9-lost.json");
        _bench.Time.Advance(ConfigSweep.KeptFor + TimeSpan.FromSeconds(1));
        for (var n = 1; n <= 12; n++)
        {
            _bench.Store.Reset(n, appliesFirst);
            try
            {
                await _bench.Sweep().RunAsync(None);
            }
            catch (StorageUnavailableException)
            {
                // The process died here; the next round goes on.
            }
        }

        _bench.Store.Reset();
        _bench.Store.Before = async _ => await Task.Yield();
        await Task.WhenAll(_bench.Sweep().RunAsync(None).AsTask(), _bench.Sweep().RunAsync(None).AsTask());

        Assert.Equal(50, (await _bench.BlobNamesAsync()).Count);
        for (var number = 4; number <= 53; number++)
        {
            Assert.NotNull(await _bench.First.Config.LoadRevisionAsync(ConfigBench.Acme, number, None));
        }
    }

    private async Task OrphanAsync(string name) => Assert.True((await _bench.Blobs.InsertAsync(RevisionLog.Container, name, "{}"u8.ToArray(), None)).IsDone);
}
