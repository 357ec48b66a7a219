using System.Text;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>What is given as a secret never comes back: in no answer, no refusal, and no byte of storage.</summary>
public sealed class SecrecyTests
{
    private const string Value = "correct-horse-battery-staple";

    [Fact]
    public async Task A_secret_is_shown_by_the_names_of_its_keys()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Secret(data: $"{{ key: {Value}, token: {Value}-2 }}")));

        var read = await gateway.Admin.ReadAsync("/manage/v1/secrets/crm?namespace=acme");
        var list = await gateway.Admin.ReadAsync("/manage/v1/secrets?namespace=acme");

        Assert.Equal("""{"keys":["key","token"]}""", read.Body.GetProperty("spec").GetRawText());
        Assert.Equal("""{"keys":["key","token"]}""", list.Body.GetProperty("items")[0].GetProperty("spec").GetRawText());
        Assert.DoesNotContain("sealed", read.Text + list.Text);
    }

    [Theory]
    [InlineData("{ data: correct-horse-battery-staple }")]
    [InlineData("{ data: { key: [correct-horse-battery-staple] } }")]
    [InlineData("{ data: { key: { correct-horse-battery-staple: 1 } } }")]
    [InlineData("{ data: { key: ok }, dat: { key: correct-horse-battery-staple } }")]
    [InlineData("{ keyVault: { key: correct-horse-battery-staple } }")]
    [InlineData("{ keyVault: { key: correct-horse-battery-staple!! } }")]
    [InlineData("correct-horse-battery-staple")]
    [InlineData("[correct-horse-battery-staple]")]
    [InlineData("{ data: { key: !secret correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: correct-horse-battery-staple, key: correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: *correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: !correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: &correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: @correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: %correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: `correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: 'correct-horse-battery-staple } }")]
    [InlineData("{ data: { key: \"correct-horse-battery-staple\\q\" } }")]
    public async Task A_broken_secret_is_not_repeated_in_the_fault(string spec)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.Tenant());

        var reply = await gateway.Admin.ApplyAsync(Yaml.Document("Secret", "name: crm, namespace: acme", spec));

        Assert.Equal(400, reply.Status);
        Assert.DoesNotContain(Value, reply.Text);
    }

    [Fact]
    public async Task No_byte_of_storage_holds_a_secret_or_a_key_in_plain_text()
    {
        var store = new RecordingStore();
        await using var gateway = await TestGateway.StartAsync(ports: store.Ports);
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(), Yaml.Secret(data: $"{{ key: {Value} }}"), Yaml.ToolWithSecret(endpoint: upstream.Url.ToString()), Yaml.Consumer(spec: "{ scopes: [stoa:write] }")));
        var key = await gateway.IssueKeyAsync("acme", "app");
        using var app = gateway.ClientFor(key);

        var invoked = await app.PostAsync("/mcp/v1/tools/hello/invoke");

        Assert.Equal(200, invoked.Status);
        Assert.Equal($"Bearer {Value}", upstream.Requests.Single().Header("Authorization"));
        var written = store.Everything;
        Assert.Contains("\"sealed\"", written);
        foreach (var plain in new[] { Value, key, key["stoa_sk_".Length..], TestGateway.AdminKey })
        {
            Assert.DoesNotContain(plain, written);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)).TrimEnd('=')[..^1], written);
        }
    }

    [Fact]
    public async Task No_management_answer_holds_a_secret_or_a_key()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer()));
        var key = await gateway.IssueKeyAsync("acme", "app");
        var texts = new List<string>
        {
            (await gateway.Admin.ApplyAsync(Yaml.Secret(data: $"{{ key: {Value} }}"))).Text,
            (await gateway.Admin.ApplyAsync(Yaml.Secret(data: $"{{ key: {Value}2 }}"))).Text,
            (await gateway.Admin.ApplyAsync(Yaml.Secret(data: $"{{ key: {Value}3 }}"), "?dryRun=true")).Text,
            (await gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":2}""")).Text,
        };
        foreach (var path in new[] { "secrets?namespace=acme", "secrets/crm?namespace=acme", "tenants/acme/revisions", "consumers/acme/app/keys", "consumers?namespace=acme", "tenants" })
        {
            texts.Add((await gateway.Admin.ReadAsync("/manage/v1/" + path)).Text);
        }

        Assert.All(texts, text => Assert.DoesNotContain(Value, text));
        Assert.All(texts, text => Assert.DoesNotContain(key, text));
    }
}
