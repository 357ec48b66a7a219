using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>Instances that share one store in memory, on a clock that stands still until it is moved.</summary>
internal sealed class Bench
{
    public static readonly LeaseTerms Terms = LeaseTerms.Default;

    private ulong _owners;

    public Bench()
    {
        Store = new(new MemoryRowStore(), new MemoryBlobStore(Time));
        Ledger = new(Store, Time, Terms);
    }

    public StillTime Time { get; } = new();

    public FailingStore Store { get; }

    public QuotaLedger Ledger { get; }

    public LeaseHolder Join(Action<QuotaWarning, QuotaWebhook?>? warned = null) => new(Ledger, ++_owners, Terms, Time) { Warned = warned };

    /// <summary>An instance whose clock is off by so much.</summary>
    public LeaseHolder Join(TimeSpan skew)
    {
        var time = new StillTime(Time, skew);
        return new(new(Store, time, Terms), ++_owners, Terms, time);
    }

    public async Task<long> UsedAsync(string scope, Dimension dimension, Window window) =>
        (await Ledger.LoadAsync("acme", scope, CancellationToken.None)).Used(dimension, window);

    public static QuotaSubject Subject(Limits consumer, Limits? tenant = null) => new("acme", [("c--bot", consumer), ("t", tenant ?? new([]))]);

    public static QuotaRequest Calls(long calls) => new(new(calls), default);
}

/// <summary>A clock that is set by hand, while timers, which only space out retries, run as ever.</summary>
internal sealed class StillTime(StillTime? leader = null, TimeSpan skew = default) : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => (leader?.GetUtcNow() ?? _now) + skew;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by) => _now += by;
}
