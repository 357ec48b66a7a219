using Stoa.Testing;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Two gateways on one store whose clocks are ten minutes apart.</summary>
public sealed class ClockSkewTests
{
    [Fact]
    public async Task Fifty_parallel_calls_against_room_for_ten_admit_exactly_ten()
    {
        await using var pair = await Pair.StartAsync(RunningTime.Midday.GetUtcNow(), "requests: { perMonth: 10, perDay: 11 }");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => pair.CallAsync(isAhead: i % 2 == 0)));

        Assert.Equal((10, 40), (statuses.Count(s => s == 200), statuses.Count(s => s == 429)));
        Assert.Equal(10, pair.Upstream.Requests.Count);
    }

    [Fact]
    public async Task The_fastest_clock_begins_the_next_day_for_all_and_each_day_keeps_its_limit()
    {
        // Seven minutes to midnight for one, three minutes past it for the other; in the middle of a month.
        await using var pair = await Pair.StartAsync(new(2026, 6, 15, 23, 58, 0, TimeSpan.Zero), "requests: { perDay: 5 }");

        int[] slow = [await pair.CallAsync(false), await pair.CallAsync(false), await pair.CallAsync(false)];
        var next = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            next.Add(await pair.CallAsync(isAhead: i % 2 == 0));
        }

        Assert.Equal([200, 200, 200], slow);
        Assert.Equal([200, 200, 200, 200, 200, 429, 429, 429], next);
    }

    private sealed class Pair : IAsyncDisposable
    {
        private World _behind = null!;
        private TestGateway _ahead = null!;

        public ScriptedUpstream Upstream => _behind.Upstream;

        public static async Task<Pair> StartAsync(DateTimeOffset now, string policy)
        {
            var ports = TestGateway.InMemory();
            var pair = new Pair { _behind = await World.StartAsync(ports: ports, time: new RunningTime(now - TimeSpan.FromMinutes(5))) };
            await pair._behind.ToolAsync("look");
            await pair._behind.LimitAgentAsync(policy);
            pair._ahead = await TestGateway.StartAsync(ports: ports, time: new RunningTime(now + TimeSpan.FromMinutes(5)));
            return pair;
        }

        public async Task<int> CallAsync(bool isAhead)
        {
            using var client = new HttpClient { BaseAddress = isAhead ? _ahead.Url : _behind.Gateway.Url };
            client.DefaultRequestHeaders.Authorization = new("Bearer", _behind.Key);
            return (await client.PostAsync("/mcp/v1/tools/look/invoke", "{}")).Status;
        }

        public async ValueTask DisposeAsync()
        {
            await _ahead.DisposeAsync();
            await _behind.DisposeAsync();
        }
    }
}
