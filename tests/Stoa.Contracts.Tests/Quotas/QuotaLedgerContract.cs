using Stoa.Azure.Tables;
using Stoa.Contracts.Tests.Storage;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Quotas;

/// <summary>What the ledger promises over any row store, with real concurrency between instances.</summary>
public abstract class QuotaLedgerContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _tenant = $"t{Guid.NewGuid():N}"[..20];

    private protected abstract ValueTask<IRowStore> OpenAsync();

    [Fact]
    public async Task Fifty_calls_on_three_instances_against_room_for_ten_admit_exactly_ten()
    {
        var holders = await JoinAsync(3);
        var subject = Subject(new([new(Dimension.Requests, Window.Day, 10)]), new([new(Dimension.Requests, Window.Month, 1000)]));

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Task.Run(async () => await holders[i % 3].ReserveAsync(subject, new(new(1), default), None))));

        Assert.Equal(10, verdicts.Count(v => v.IsGranted));
    }

    [Fact]
    public async Task Instances_that_race_for_one_limit_never_admit_more_and_their_books_end_equal()
    {
        const int Limit = 500;
        var store = await OpenAsync();
        var holders = await JoinAsync(4, store);
        var subject = Subject(new([new(Dimension.Tokens, Window.Day, Limit * 3)]), new([new(Dimension.Tokens, Window.Day, Limit)], calls: 40));
        var used = 0L;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < 25; call++)
            {
                var holder = holders[caller % 4];
                if (await holder.ReserveAsync(subject, new(new(0, 4), new(1)), None) is { IsGranted: true } verdict)
                {
                    Interlocked.Add(ref used, 3);
                    holder.Settle(verdict.Reservation, new(0, 3));
                }
            }
        })));
        await Task.WhenAll(holders.Select(h => h.DrainAsync()));

        Assert.InRange(used, 3, Limit);
        var ledger = new QuotaLedger(store, TimeProvider.System, LeaseTerms.Default);
        foreach (var scope in subject.Scopes)
        {
            var entity = await ledger.LoadAsync(_tenant, scope.Key, None);
            Assert.Equal(used, entity.Used(Dimension.Tokens, Window.Day));
            Assert.Empty(entity.Leases);
        }
    }

    private async Task<List<LeaseHolder>> JoinAsync(int count, IRowStore? store = null)
    {
        var ledger = new QuotaLedger(store ?? await OpenAsync(), TimeProvider.System, LeaseTerms.Default);
        return [.. Enumerable.Range(1, count).Select(i => new LeaseHolder(ledger, (ulong)i, LeaseTerms.Default, TimeProvider.System))];
    }

    private QuotaSubject Subject(Limits consumer, Limits tenant) => new(_tenant, [("c--bot", consumer), ("t", tenant)]);
}

public sealed class MemoryQuotaLedgerTests : QuotaLedgerContract
{
    private protected override ValueTask<IRowStore> OpenAsync() => new(new MemoryRowStore());
}

public sealed class AzureQuotaLedgerTests(SharedAzurite azurite) : QuotaLedgerContract
{
    private protected override async ValueTask<IRowStore> OpenAsync() =>
        new AzureRowStore((await azurite.ConnectAsync()).Tables, SharedAzurite.Patient, TimeProvider.System);
}
