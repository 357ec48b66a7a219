using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Quotas.Usage;

/// <summary>Instances that note usage in one store, and what the store says of it in the end.</summary>
internal sealed class UsageBench : IDisposable
{
    public const string Partition = "acme--1";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<UsageBook> _books = [];

    public UsageBench() => Store = new(Rows, new MemoryBlobStore(Time));

    public FakeTime Time { get; } = new();

    /// <summary>The rows themselves, whatever the store does.</summary>
    public MemoryRowStore Rows { get; } = new();

    public FailingStore Store { get; }

    public DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static UsageSums Calls(long calls) => new(calls, Errors: 0, Input: calls * 10, Output: calls * 5, Cached: calls, Reasoning: 0, MicroUsd: calls * 3, Unpriced: 0, Micros: calls * 1000);

    public static UsageKey Tool(string name, string consumer = "bot") => new(consumer, UsageKind.Tool, name, "");

    public UsageBook Instance()
    {
        var book = new UsageBook(new(Store), new(Meters), Time, NullLogger<UsageBook>.Instance);
        _books.Add(book);
        return book;
    }

    public UsageSweep Sweep() => new(Store, Time);

    /// <summary>Everything that is written, by name.</summary>
    public async Task<IReadOnlyDictionary<string, UsageSums>> WrittenAsync() =>
        await new UsageRows(Rows).SumAsync(Partition, Today.AddDays(-600), Today.AddDays(1), static (_, key) => key.Name, CancellationToken.None);

    public async Task<UsageSums> TotalAsync() => (await WrittenAsync()).Values.Aggregate(default(UsageSums), static (a, b) => a + b);

    public async Task<int> RowsAsync() => (await Rows.ListAsync(UsageRows.Table, new(Partition), 1000, null, CancellationToken.None)).Rows.Count(r => r.Key != UsageRowKey.Folds);

    public void Dispose()
    {
        _books.ForEach(b => b.Dispose());
        _services.Dispose();
    }
}
