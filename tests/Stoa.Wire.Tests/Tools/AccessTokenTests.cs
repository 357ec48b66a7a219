using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>OAuth2 client credentials through the whole gateway: what the token endpoint, the API and the agent get to see.</summary>
public sealed class AccessTokenTests(World world) : IClassFixture<World>
{
    private const string Password = "client-secret-0123456789";
    private const string Token = "access-token-0123456789";

    [Fact]
    public async Task Fifty_agents_at_once_bring_one_token_request_and_nobody_sees_anothers_credential()
    {
        world.Secrecy.Never(Password);
        world.Secrecy.Never(Token);
        world.UpstreamAnswers(e => e.Request.Target == "/login"
            ? e.AnswerJsonAsync($$"""{"access_token":"{{Token}}","token_type":"Bearer","expires_in":3600}""")
            : e.AnswerJsonAsync("""{"ok":true}"""));
        await world.ApplyAsync(Given.Secret("crm-login", "secret", Password));
        await world.ToolAsync("crm", $"auth: {{ type: oauth2, tokenUrl: '{world.Upstream.Url}login', clientId: crm-7, secretRef: {{ name: crm-login, key: secret }} }}");

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.Modern().CallAsync("crm")));

        Assert.All(replies, reply => Assert.Equal("""{"ok":true}""", reply.IsResult().ToolText));
        Assert.Single(world.Upstream.Requests, r => r.Target == "/login");
        Assert.All(world.Upstream.Requests.Where(r => r.Target is "/login" or "/crm"), r => Assert.Equal(r.Target == "/login" ? "Basic Y3JtLTc6Y2xpZW50LXNlY3JldC0wMTIzNDU2Nzg5" : $"Bearer {Token}", r.Header("Authorization")));
        world.AssertNoKeyWentUpstream();
    }

    [Fact]
    public async Task A_token_endpoint_that_fails_is_told_to_the_agent_in_words_that_name_no_place()
    {
        world.UpstreamAnswers(503, "text/html", "<html>login.internal is down</html>");
        await world.ApplyAsync(Given.Secret("down-login", "secret", Password));
        await world.ToolAsync("down", $"auth: {{ type: oauth2, tokenUrl: '{world.Upstream.Url}down-login', clientId: x, secretRef: {{ name: down-login, key: secret }} }}");

        var reply = await world.Modern().CallAsync("down");

        reply.IsToolErrorSaying("The gateway has no access token for this tool: its token endpoint answered 503. Try again later.");
        Assert.DoesNotContain("login.internal", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Upstream.Requests, r => r.Target == "/down");
    }

    [Theory]
    [InlineData("http://login.example.com/token", "A token endpoint receives the client's secret; use an https:// URL.")]
    [InlineData("login.example.com/token", "Expected an absolute https URL that this gateway may call.")]
    [InlineData("https://169.254.169.254/token", "Expected an absolute https URL that this gateway may call.")]
    [InlineData("https://login.example.com:6379/token", "Expected an absolute https URL that this gateway may call.")]
    public async Task A_token_endpoint_where_no_secret_should_go_is_refused_when_applied(string url, string reason)
    {
        await world.ApplyAsync(Given.Secret("any-login", "secret", Password));
        var tool = Given.Tool("misled", $"{world.Upstream.Url}misled", $"auth: {{ type: oauth2, tokenUrl: '{url}', clientId: x, secretRef: {{ name: any-login, key: secret }} }}");

        var refused = await world.Gateway.Admin.ApplyAsync(tool);

        Assert.Contains(reason, refused.Faults(), StringComparison.Ordinal);
        Assert.Contains("spec.auth.oauth2.tokenUrl", refused.Faults(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_keeps_failing_is_left_alone_and_the_agent_told_for_how_long()
    {
        world.UpstreamAnswers(500, "text/plain", "boom");
        await world.ToolAsync("failing", "circuitBreaker: { failures: 2, openFor: 10m }");
        var agent = world.Modern();
        (await agent.CallAsync("failing")).IsToolErrorSaying("500");
        (await agent.CallAsync("failing")).IsToolErrorSaying("500");

        (await agent.CallAsync("failing")).IsToolErrorSaying("The endpoint of this tool keeps failing, so the gateway leaves it alone for now. Try again in ");
        Assert.Equal(2, world.Upstream.Requests.Count(r => r.Target == "/failing"));
    }
}
