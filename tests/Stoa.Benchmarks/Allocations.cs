using System.Globalization;
using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Benchmarks;

/// <summary>
/// Bytes that one request allocates in the whole process, gateway and web server together. Client and upstream are raw sockets that
/// allocate nothing, so what is counted is ours. Held against <c>budget.json</c>: more than a tenth above it fails.
/// </summary>
internal static class Allocations
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private const int WarmUp = 3000;
    private const int Counted = 3000;
    private const double Tolerance = 1.10;

    public static async Task<int> RunAsync(bool rewrite)
    {
        using var upstream = new RawUpstream();
        await using var gateway = await TestGateway.StartAsync(new Dictionary<string, string?> { ["Logging:LogLevel:Stoa.Gateway.Audit"] = "Information" });
        await gateway.ApplyAsync(Scenarios.Resources(upstream.Port));
        var key = await gateway.IssueKeyAsync("acme", "agent");
        var path = Path.Combine(Repository.PathOf("tests"), "Stoa.Benchmarks", "budget.json");
        var budget = rewrite ? [] : JsonSerializer.Deserialize<Dictionary<string, long>>(await File.ReadAllTextAsync(path))!;
        var over = 0;
        Console.WriteLine("bytes per request   budget   scenario");
        foreach (var (name, request) in Scenarios.All(key))
        {
            var bytes = Measure(gateway.Url.Port, request);
            var allowed = rewrite ? budget[name] = bytes : budget.GetValueOrDefault(name);
            var isOver = bytes > allowed * Tolerance;
            over += isOver ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes,17} {allowed,8}   {name}{(isOver ? "   OVER BUDGET" : "")}"));
        }

        if (rewrite)
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(budget, Indented) + "\n");
        }

        return over == 0 ? 0 : 1;
    }

    private static long Measure(int port, byte[] request)
    {
        using var client = new RawClient(port);
        for (var i = 0; i < WarmUp; i++)
        {
            client.Exchange(request);
        }

        // The least of several rounds: background work of the runtime only ever adds.
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Counted; i++)
            {
                client.Exchange(request);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Counted);
        }

        return least;
    }
}
