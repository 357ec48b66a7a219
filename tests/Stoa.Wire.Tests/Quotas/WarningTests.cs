using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>A limit that is being used up is told of once, however many instances serve its calls.</summary>
public sealed class WarningTests
{
    private const string Signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task One_webhook_says_that_half_of_a_limit_is_used_and_proves_who_says_so()
    {
        var ports = TestGateway.InMemory();
        var time = RunningTime.Midday;
        await using var world = await World.StartAsync(ports: ports, time: time);
        await using var second = await TestGateway.StartAsync(ports: ports, time: time);
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await world.ApplyAsync(
            Given.Secret("hook", "key", Signing),
            Quota.Policy($"requests: {{ perMonth: 10 }}, warnAt: 50, warnWebhook: {{ url: '{world.Upstream.Url}hook', secretRef: {{ name: hook, key: key }} }}"),
            Given.Consumer("agent", $"scopes: [stoa:write]\n{Quota.By}"));
        using var other = second.ClientFor(world.Key);

        for (var i = 0; i < 5; i++)
        {
            await world.InvokeAsync("look");
            using var answer = await other.PostAsync("/mcp/v1/tools/look/invoke", new StringContent("{}", Encoding.UTF8, "application/json"));
        }

        await Eventually.TrueAsync(() => Task.FromResult(Hooks(world).Length > 0), TimeSpan.FromSeconds(60), "the webhook is called");
        await world.Gateway.StopAsync();
        await second.StopAsync();

        var hook = Assert.Single(Hooks(world));
        var data = JsonElement.Parse(hook.BodyText).GetProperty("data");
        Assert.Equal("acme consumer agent requests_per_month 50 10", string.Join(' ', new[] { "tenant", "scope", "name", "limit", "percent", "allowed" }.Select(n => Quota.Text(data, n))));
        Assert.InRange(data.GetProperty("used").GetInt32(), 5, 10);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(hook.Header("webhook-timestamp")!, CultureInfo.InvariantCulture));
        Assert.Equal(WebhookSignature.Of(new(Signing), hook.Header("webhook-id")!, at, Encoding.UTF8.GetBytes(hook.BodyText)), hook.Header("webhook-signature"));
    }

    private static ScriptedRequest[] Hooks(World world) => [.. world.Upstream.Requests.Where(r => r.Target == "/hook")];
}
