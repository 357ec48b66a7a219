using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Two tools that are always applied together with the same number in them: a state in which they differ is a torn one.</summary>
internal static class Pairs
{
    /// <summary>Applies pairs 1, 2, 3 and so on to <c>acme</c> and kills the process while one is under way. The last pair that was acknowledged.</summary>
    public static async Task<int> ApplyUntilKilledAsync(HttpClient admin, GatewayProcess process, int kill)
    {
        var acknowledged = 0;
        Task? killing = null;
        try
        {
            while (true)
            {
                var applying = ApplyAsync(admin, acknowledged + 1);
                killing ??= acknowledged + 1 == kill ? process.KillAsync() : null;
                await applying;
                acknowledged++;
            }
        }
        catch (HttpRequestException)
        {
            await killing!;
            return acknowledged;
        }
    }

    public static async Task ApplyAsync(HttpClient admin, int number)
    {
        var reply = await LandAsync(admin, Yaml.All(Yaml.Tool("left", more: $"displayName: Number {number}"), Yaml.Tool("right", more: $"displayName: Number {number}")));
        Assert.Equal(200, reply.Status);
    }

    /// <summary>Applies, and does as a refusal says while storage answers too slowly: it is tried again.</summary>
    public static async Task<Reply> LandAsync(HttpClient admin, string yaml)
    {
        Reply? reply = null;
        await Eventually.TrueAsync(async () => (reply = await admin.ApplyAsync(yaml)).Status != 503, TimeSpan.FromSeconds(60), "storage answers in time");
        return reply!;
    }

    /// <summary>The number in both; fails when they differ.</summary>
    public static async Task<int> ReadAsync(HttpClient admin)
    {
        var list = await admin.ReadAsync("/manage/v1/tools?namespace=acme");
        var numbers = list.Body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("spec").GetProperty("displayName").GetString()!["Number ".Length..]).ToArray();
        Assert.Equal(2, numbers.Length);
        Assert.Equal(numbers[0], numbers[1]);
        return int.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
