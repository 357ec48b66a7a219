using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>Warnings at a threshold: of all instances one warns, once per window and limit, of what is used and not of what is reserved.</summary>
public class WarningTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TenantId Acme = TenantId.TryParse("acme", out var id) ? id : default;

    private readonly Bench _bench = new();
    private readonly List<QuotaWarning> _warnings = [];

    [Fact]
    public async Task Two_instances_that_pass_a_threshold_together_warn_once()
    {
        var subject = Subject(10);
        LeaseHolder[] instances = [Join(), Join()];
        for (var i = 0; i < 10; i++)
        {
            await UseAsync(instances[i % 2], subject, 1);
        }

        await SettleAllAsync(instances);

        var warning = Assert.Single(_warnings);
        Assert.Equal(("consumer", "bot", "tokens_per_day", 80, 10L), (warning.Scope, warning.Name, warning.Limit, warning.Percent, warning.Allowed));
        Assert.InRange(warning.Used, 8, 10);
    }

    [Fact]
    public async Task The_next_window_has_a_warning_of_its_own()
    {
        var (subject, instance) = (Subject(10), Join());
        await UseAsync(instance, subject, 9);
        await SettleAllAsync(instance);
        _bench.Time.Advance(TimeSpan.FromDays(1));
        await UseAsync(instance, subject, 9);
        await SettleAllAsync(instance);

        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public async Task What_is_reserved_and_comes_back_warns_nobody()
    {
        var (subject, instance) = (Subject(100), Join());
        var verdict = await instance.ReserveAsync(subject, new(new(0, 95), default), None);
        instance.Settle(verdict.Reservation, new(0, 10));
        await SettleAllAsync(instance);

        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_reset_makes_room_for_another_warning()
    {
        var (subject, instance) = (Subject(10), Join());
        await UseAsync(instance, subject, 9);
        await SettleAllAsync(instance);
        await _bench.Ledger.ResetAsync("acme", "consumer:bot", TimeSpan.FromMinutes(10), None);
        await UseAsync(instance, subject, 9);
        await SettleAllAsync(instance);

        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public async Task Books_of_the_version_before_are_read_and_warned_of()
    {
        var entity = QuotaEntity.New.Advance(_bench.Time.GetUtcNow().ToUnixTimeMilliseconds()).Grant(new Ask { Owner = 77, Number = 1, Need = new(0, 9) }, Subject(10).Scopes[0].Limits, Bench.Terms)!
            .Report(77, [new(1, new(0, 9), default)], default, Subject(10).Scopes[0].Limits) with { Leases = [] };
        var bytes = EntityCodec.Write(entity).ToList();

        // Version 1 had no time after the window of a meter.
        var (time, meters) = (EntityCodec.Write(QuotaEntity.New with { Time = entity.Time }).Length - 3, 1);
        bytes[0] = 1;
        bytes.RemoveAt(1 + time + meters + 2);
        await _bench.Store.WriteAsync(QuotaLedger.Table, Stoa.Gateway.Storage.RowChange.Insert("acme", "consumer:bot", bytes.ToArray()), None);

        var instance = Join();
        Assert.Equal(9, await _bench.UsedAsync("consumer:bot", Dimension.Tokens, Window.Day));
        await UseAsync(instance, Subject(10), 1);
        await SettleAllAsync(instance);

        Assert.Single(_warnings);
    }

    private static QuotaSubject Subject(long limit) => new("acme", [("consumer:bot", new Limits([new(Dimension.Tokens, Window.Day, limit)]) { Alarm = new(80, Acme, null) })]);

    private LeaseHolder Join() => _bench.Join((warning, _) =>
    {
        lock (_warnings)
        {
            _warnings.Add(warning);
        }
    });

    private static async Task UseAsync(LeaseHolder instance, QuotaSubject subject, long tokens)
    {
        var verdict = await instance.ReserveAsync(subject, new(new(0, tokens), default), None);
        Assert.True(verdict.IsGranted);
        instance.Settle(verdict.Reservation, new(0, tokens));
    }

    private static async Task SettleAllAsync(params LeaseHolder[] instances)
    {
        foreach (var instance in instances)
        {
            await instance.DrainAsync();
        }
    }
}
