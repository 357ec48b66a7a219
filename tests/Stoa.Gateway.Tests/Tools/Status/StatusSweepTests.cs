using Stoa.Gateway.Config;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tests.Config;
using Stoa.Gateway.Tools.Resilience;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Tests.Tools.Status;

public sealed class StatusSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ConfigBench _bench = new();

    [Fact]
    public async Task Statuses_go_with_their_tools_and_with_their_tenant()
    {
        var rows = new StatusRows(_bench.Rows);
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "kept"), ConfigBench.Resource("Tool", "made_again", uid: "u2"));
        await WriteAsync(rows, "acme", "kept", "u1");
        await WriteAsync(rows, "acme", "made_again", "u1");
        await WriteAsync(rows, "acme", "gone", "u1");
        await WriteAsync(rows, "never-was", "any", "u1");
        await _bench.Rows.WriteAsync(StatusRows.Table, RowChange.Insert("acme", "damaged", "{"u8.ToArray()), None);

        var sweep = new StatusSweep(new RevisionLog(_bench.Store, _bench.Store), _bench.Store);

        Assert.Equal(4, await sweep.RunAsync(None));
        Assert.Equal(0, await sweep.RunAsync(None));
        Assert.Equal("kept", Assert.Single((await _bench.Rows.ListAsync(StatusRows.Table, new RowRange(), 100, null, None)).Rows).Key);
    }

    [Fact]
    public void Of_two_views_the_later_of_each_part_stands()
    {
        var (early, late) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1));
        var one = new ToolStatus(new(late, "ok", 200, 1), new(early, "one"), null, new(true, early));
        var other = new ToolStatus(new(early, "error", null, 2), new(late, "other"), new(BreakerPhase.Open, late, early), null);
        var both = new ToolStatus(one.LastCall, other.LastError, other.Breaker, one.Endpoint);

        Assert.Equal(both, one.With(other));
        Assert.Equal(both, other.With(one));
        Assert.Equal(one, one.With(null));
    }

    private static async Task WriteAsync(StatusRows rows, string tenant, string tool, string uid) =>
        Assert.True((await rows.WriteAsync(ConfigBench.Tenant(tenant), tool, new(uid, null, null, null, null), null, None)).IsDone);
}
