using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Azure;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Benchmarks;

/// <summary>
/// One hot key, 64 concurrent callers, Azurite: calls per second with leased blocks against one compare-and-swap per call, in the same run;
/// what a call on a held lease costs by itself; and storage operations per call at an even load, the breakdown of usage included. Fails
/// when a held lease allocates, and draws <c>docs/quota-throughput.svg</c> when asked to.
/// </summary>
internal static class QuotaRun
{
    private const int Callers = 64;
    private const int PerSecond = 100;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(bool plots)
    {
        var ct = CancellationToken.None;
        await using var azurite = await Azurite.StartAsync(ct);
        var rows = AzurePorts.Open(new(azurite.ConnectionString, null, null, null, "unused", null), TimeProvider.System).Rows;
        var store = new FailingStore(rows, new MemoryBlobStore(TimeProvider.System));
        var ledger = new QuotaLedger(store, TimeProvider.System, LeaseTerms.Default);
        var limits = new Limits([new(Dimension.Requests, Window.Minute, 100_000_000), new(Dimension.Tokens, Window.Day, Amounts.Most)], calls: 1000);
        var subject = new QuotaSubject("acme", [("c--bot", limits), ("t", limits)]);
        var request = new QuotaRequest(new(1, 100), new(1));

        var (swaps, _) = await MeasureAsync(i => SwapAsync(rows, ct));
        var holder = new LeaseHolder(ledger, 1, LeaseTerms.Default, TimeProvider.System);
        store.Reset();
        var (calls, waits) = await MeasureAsync(async _ =>
            holder.Settle((await holder.ReserveAsync(subject, request, ct)).Reservation, new(1, 80)));
        var operations = store.Operations;
        await holder.DrainAsync();

        var allocated = AllocatedPerCall(holder, subject, request);
        var perCall = await EvenLoadAsync(store, ct);
        Print("one compare-and-swap per call", swaps / Length.TotalSeconds, "calls/s");
        Print("leased blocks", calls / Length.TotalSeconds, "calls/s");
        Print("ratio", calls / Math.Max(1.0, swaps), "");
        Print("storage operations per call, 64 callers", operations / (double)calls, "");
        Print($"storage operations per call, {PerSecond} calls a second, quotas", perCall.Quotas, "");
        Print($"storage operations per call, {PerSecond} calls a second, usage", perCall.Usage, "");
        Print("reserve and settle, 64 callers, p50", Percentile(waits, 0.50), "us");
        Print("reserve and settle, 64 callers, p99", Percentile(waits, 0.99), "us");
        Print("reserve and settle, 64 callers, p99.9", Percentile(waits, 0.999), "us");
        Print("reserve and settle on a held lease, one caller", Alone(holder, subject, request), "us");
        Print("reserve and settle on a held lease, allocated", allocated, "bytes");
        if (plots)
        {
            Draw(swaps / Length.TotalSeconds, calls / Length.TotalSeconds);
        }

        return allocated == 0 ? 0 : 1;
    }

    private static async Task<(long Calls, List<double> Waits)> MeasureAsync(Func<int, Task> call)
    {
        var clock = Stopwatch.StartNew();
        var waits = new List<double>[Callers];
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
        {
            waits[i] = [];
            var calls = 0L;
            while (clock.Elapsed < Length)
            {
                var start = Stopwatch.GetTimestamp();
                await call(i);
                calls++;
                if (calls % 16 == 0)
                {
                    waits[i].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }

                // Callers take turns, as calls that wait for a model or a tool do.
                await Task.Yield();
            }

            return calls;
        })));
        return (counts.Sum(), [.. waits.SelectMany(w => w).Order()]);
    }

    /// <summary>What gateways do without leases: read, add one, write on condition, and again until nobody else came first.</summary>
    private static async Task SwapAsync(IRowStore rows, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            var row = await rows.GetAsync(QuotaLedger.Table, "acme", "swap", ct);
            var value = BitConverter.GetBytes(row is null ? 1 : BitConverter.ToInt64(row.Value.Span) + 1);
            var change = row is null ? RowChange.Insert("acme", "swap", value) : RowChange.Replace("acme", "swap", value, row.ETag);
            if ((await rows.WriteAsync(QuotaLedger.Table, change, ct)).IsDone)
            {
                return;
            }

            await Task.Delay(Random.Shared.Next(4 << Math.Min(attempt, 7)), ct);
        }
    }

    private static double Alone(LeaseHolder holder, QuotaSubject subject, QuotaRequest request)
    {
        const int Count = 200_000;
        var held = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Count; i++)
        {
            if (holder.TryReserve(subject, request, out var reservation))
            {
                held++;
                holder.Settle(reservation, new(1, 80));
            }
            else
            {
                holder.Settle(holder.ReserveAsync(subject, request, CancellationToken.None).AsTask().GetAwaiter().GetResult().Reservation, new(1, 80));
            }
        }

        return clock.Elapsed.TotalMicroseconds / held;
    }

    /// <summary>A hundred calls a second, two scopes, for as long as one measurement takes: what renewals, blocks and the breakdown of usage cost then.</summary>
    private static async Task<(double Quotas, double Usage)> EvenLoadAsync(FailingStore store, CancellationToken ct)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var book = new UsageBook(new(store), new(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<UsageBook>.Instance);
        var limits = new Limits([new(Dimension.Requests, Window.Minute, 60_000), new(Dimension.Tokens, Window.Day, 100_000_000)], calls: 1000);
        var subject = new QuotaSubject("even", [("c--bot", limits), ("t", limits)]);
        var holder = new LeaseHolder(new(store, TimeProvider.System, LeaseTerms.Default), 2, LeaseTerms.Default, TimeProvider.System);
        using var upkeep = new LeaseUpkeep(holder, TimeProvider.System);
        var quotas = await PacedAsync(store, async () =>
        {
            upkeep.Wake();
            holder.Settle((await holder.ReserveAsync(subject, new(new(1, 100), new(1)), ct)).Reservation, new(1, 80));
        });
        await upkeep.DrainAsync(ct);
        var usage = await PacedAsync(store, () =>
        {
            book.Add("even", new("bot", UsageKind.Tool, "look", ""), new(1, 0, 80, 20, 0, 0, 0, 0, 1000));
            return Task.CompletedTask;
        });
        return (quotas, usage);
    }

    private static async Task<double> PacedAsync(FailingStore store, Func<Task> call)
    {
        store.Reset();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var calls = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Length; calls++)
        {
            await ticks.WaitForNextTickAsync();
            await call();
        }

        return store.Operations / (double)calls;
    }

    private static double AllocatedPerCall(LeaseHolder holder, QuotaSubject subject, QuotaRequest request)
    {
        const int Count = 1000;
        var least = double.MaxValue;
        for (var round = 0; round < 50; round++)
        {
            // Whatever has to be leased is leased first, and rounds in which a lease is renewed beside the calls are not the least.
            holder.Settle(holder.ReserveAsync(subject, request, CancellationToken.None).AsTask().GetAwaiter().GetResult().Reservation, new(1, 80));
            var (held, before) = (0, GC.GetAllocatedBytesForCurrentThread());
            while (held < Count && holder.TryReserve(subject, request, out var reservation))
            {
                holder.Settle(reservation, new(1, 80));
                held++;
            }

            least = held == 0 ? least : Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)held);
        }

        return least;
    }

    private static void Draw(double swaps, double leased)
    {
        var plot = new BarPlot(
            $"One hot key, {Callers} concurrent callers", "Admitted calls per second",
            string.Create(CultureInfo.InvariantCulture, $"Two cores, storage emulator on the same machine, one run of {Length.TotalSeconds:0} s each; {leased / Math.Max(1, swaps):#,0} times as many."));
        plot.Add("one compare-and-swap per call", swaps);
        plot.Add("leased blocks", leased);
        File.WriteAllText(Repository.PathOf("docs/quota-throughput.svg"), plot.ToSvg());
    }

    private static double Percentile(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static void Print(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value,14:0.####} {unit,-8} {what}"));
}
