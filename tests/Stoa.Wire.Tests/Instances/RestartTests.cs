using System.Text.RegularExpressions;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Embedded mode over processes that are killed: what was acknowledged is there at the next start.</summary>
public sealed partial class RestartTests
{
    private const string Secret = "correct-horse-battery-staple";

    [Fact]
    public async Task The_generated_admin_key_is_told_once_and_keeps_working()
    {
        using var data = new DataPath();
        var settings = new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path };
        string key;
        await using (var first = await GatewayProcess.StartAsync(settings))
        {
            key = AdminKeys().Match(first.Output).Value;
            Assert.Single(AdminKeys().Matches(first.Output + first.Errors));
            using var admin = first.ClientFor(key);
            Assert.Equal(200, (await admin.ApplyAsync(Yaml.Tenant())).Status);
        }

        await using var second = await GatewayProcess.StartAsync(settings);
        using var again = second.ClientFor(key);

        Assert.Equal(["acme"], (await again.ReadAsync("/manage/v1/tenants")).Names);
        Assert.DoesNotContain("stoa_admin_", second.Output + second.Errors);
        Assert.DoesNotContain(key, data.Everything);
    }

    [Fact]
    public async Task A_given_admin_key_stands_in_the_generated_one_s_place()
    {
        using var data = new DataPath();
        await using var gateway = await GatewayProcess.StartAsync(new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path, ["Stoa__AdminKey"] = TestGateway.AdminKey });
        using var admin = gateway.ClientFor(TestGateway.AdminKey);
        using var other = gateway.ClientFor("stoa_admin_" + new string('A', 43));

        Assert.Equal(200, (await admin.ReadAsync("/manage/v1/tenants")).Status);
        Assert.Equal(401, (await other.ReadAsync("/manage/v1/tenants")).Status);
        Assert.DoesNotContain(TestGateway.AdminKey, gateway.Output + gateway.Errors + data.Everything);
    }

    [Fact]
    public async Task What_was_applied_is_there_after_a_kill()
    {
        using var data = new DataPath();
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        var settings = new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path, ["Stoa__AdminKey"] = TestGateway.AdminKey };
        string key;
        await using (var first = await GatewayProcess.StartAsync(settings))
        {
            using var admin = first.ClientFor(TestGateway.AdminKey);
            var applied = await admin.ApplyAsync(Yaml.All(
                Yaml.Tenant(), Yaml.Consumer(spec: "{ scopes: [stoa:write] }"), Yaml.Secret(data: $"{{ key: {Secret} }}"), Yaml.ToolWithSecret(endpoint: upstream.Url.ToString())));
            Assert.Equal(200, applied.Status);
            key = (await admin.PostAsync("/manage/v1/consumers/acme/app/keys")).Body.GetProperty("key").GetString()!;
            await first.KillAsync();
            Assert.DoesNotContain(Secret, first.Output + first.Errors);
            Assert.DoesNotContain(key, first.Output + first.Errors);
        }

        await using var second = await GatewayProcess.StartAsync(settings);
        using var app = second.ClientFor(key);

        Assert.Equal(200, (await app.PostAsync("/mcp/v1/tools/hello/invoke")).Status);
        Assert.Equal($"Bearer {Secret}", upstream.Requests.Single().Header("Authorization"));
        Assert.DoesNotContain(Secret, data.Everything);
        Assert.DoesNotContain(key, data.Everything);
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_applies_leaves_each_one_whole()
    {
        using var data = new DataPath();
        var settings = new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path, ["Stoa__AdminKey"] = TestGateway.AdminKey };
        int acknowledged;
        await using (var first = await GatewayProcess.StartAsync(settings))
        {
            using var admin = first.ClientFor(TestGateway.AdminKey);
            await admin.ApplyAsync(Yaml.Tenant());
            acknowledged = await Pairs.ApplyUntilKilledAsync(admin, first, kill: 8);
        }

        await using var second = await GatewayProcess.StartAsync(settings);
        using var again = second.ClientFor(TestGateway.AdminKey);

        Assert.InRange(await Pairs.ReadAsync(again), acknowledged, acknowledged + 1);
    }

    [GeneratedRegex("stoa_admin_[A-Za-z0-9_-]{43}", RegexOptions.NonBacktracking)]
    private static partial Regex AdminKeys();
}
