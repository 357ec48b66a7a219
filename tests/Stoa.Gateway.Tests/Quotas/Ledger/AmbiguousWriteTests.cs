using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>Each fate of a write, at each write of a call's life: nothing is charged twice, nothing returned twice, nothing stranded.</summary>
public class AmbiguousWriteTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RoughStore _store = new(new MemoryRowStore());
    private readonly StillTime _time = new();
    private readonly QuotaSubject _subject = new(
        "acme", [("c--bot", new([new(Dimension.Tokens, Window.Day, 100)])), ("t", new([new(Dimension.Tokens, Window.Day, 100)]))]);

    public static TheoryData<Fate, int> FatesAndWrites()
    {
        var data = new TheoryData<Fate, int>();
        foreach (var fate in Enum.GetValues<Fate>())
        {
            for (var write = 0; write < 3; write++)
            {
                data.Add(fate, write);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(FatesAndWrites))]
    public async Task A_write_is_taken_once_whatever_becomes_of_it(Fate fate, int write)
    {
        var ledger = new QuotaLedger(_store, _time, LeaseTerms.Default);
        var holder = new LeaseHolder(ledger, 1, LeaseTerms.Default, _time);
        for (var i = 0; i < write; i++)
        {
            _store.Expect(Fate.Done);
        }

        _store.Expect(fate);

        // Two leases, of which one is returned in part while the other is still in use; then the rest.
        var first = await ReserveAsync(holder, 50);
        var second = await ReserveAsync(holder, 40);
        holder.Settle(first, new(0, 20));
        _time.Advance(TimeSpan.FromSeconds(6));
        await holder.FlushAsync();
        holder.Settle(second, new(0, 40));
        await holder.DrainAsync();
        await holder.DrainAsync();

        foreach (var scope in _subject.Scopes)
        {
            var entity = await ledger.LoadAsync("acme", scope.Key, None);
            Assert.Equal(60, entity.Used(Dimension.Tokens, Window.Day));
            Assert.Empty(entity.Leases);
        }
    }

    /// <summary>A call that is told that storage is unavailable is tried again by its caller.</summary>
    private async Task<Reservation> ReserveAsync(LeaseHolder holder, long tokens)
    {
        try
        {
            return await OnceAsync();
        }
        catch (StorageUnavailableException)
        {
            return await OnceAsync();
        }

        async Task<Reservation> OnceAsync()
        {
            var verdict = await holder.ReserveAsync(_subject, new(new(0, tokens), default), None);
            Assert.True(verdict.IsGranted);
            return verdict.Reservation;
        }
    }
}
