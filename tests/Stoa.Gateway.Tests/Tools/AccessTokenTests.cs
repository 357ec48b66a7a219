using System.Text;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>OAuth2 client credentials against a scripted token endpoint and a scripted API.</summary>
public sealed class AccessTokenTests
{
    private const string Client = "auth: { type: oauth2, tokenUrl: 'TOKEN', clientId: crm, secretRef: { name: s, key: k } }";
    private static readonly (string, string) Password = ("k", "pa:ss wörd&");
    private int _issued;

    [Fact]
    public async Task Fifty_calls_at_once_fetch_one_token()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client], secrets: Password);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bench.CallAsync(tool)));

        Assert.All(answers, a => Assert.Equal("200", a));
        Assert.Equal((50, 1), (bench.Calls, bench.TokenCalls));
        Assert.All(bench.Upstream.Requests.Where(r => r.Target == "/api"), r => Assert.Equal("Bearer token-1", r.Header("Authorization")));
    }

    [Fact]
    public async Task The_client_proves_itself_by_form_encoded_basic_and_asks_for_what_the_tool_says()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync(
            ["auth: { type: oauth2, tokenUrl: 'TOKEN', clientId: 'a:b c', secretRef: { name: s, key: k }, scopes: [read, write], audience: aud, resource: 'https://api.example/x' }"],
            secrets: Password);

        Assert.Equal("200", await bench.CallAsync(tool));

        var request = bench.Upstream.Requests[0];
        var basic = Encoding.ASCII.GetString(Convert.FromBase64String(request.Header("Authorization")!["Basic ".Length..]));
        Assert.Equal("a%3Ab+c:pa%3Ass+w%C3%B6rd%26", basic);
        Assert.Equal(("POST", "application/x-www-form-urlencoded"), (request.Method, request.Header("Content-Type")));
        Assert.Equal("grant_type=client_credentials&scope=read+write&audience=aud&resource=https%3A%2F%2Fapi.example%2Fx", request.BodyText);
    }

    [Fact]
    public async Task Or_in_the_form_and_then_not_in_a_header()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client.Replace("clientId: crm", "clientAuthentication: post, clientIdRef: { name: s, key: id }", StringComparison.Ordinal)], secrets: [Password, ("id", "crm-7")]);

        Assert.Equal("200", await bench.CallAsync(tool));
        Assert.Null(bench.Upstream.Requests[0].Header("Authorization"));
        Assert.Equal("grant_type=client_credentials&client_id=crm-7&client_secret=pa%3Ass+w%C3%B6rd%26", bench.Upstream.Requests[0].BodyText);
    }

    [Fact]
    public async Task A_token_serves_tools_of_the_same_settings_but_no_other_tenant_incarnation_scope_or_secret()
    {
        await using var bench = await StartAsync();
        await CallAsync(await bench.ToolAsync([Client], secrets: Password));
        await CallAsync(await bench.ToolAsync([Client, "method: POST"], secrets: Password));
        Assert.Equal(1, bench.TokenCalls);

        await CallAsync(await bench.ToolAsync([Client], tenant: "other", uid: "t2", secrets: Password));
        await CallAsync(await bench.ToolAsync([Client], uid: "t3", secrets: Password));
        await CallAsync(await bench.ToolAsync([Client], secrets: ("k", "rotated")));
        await CallAsync(await bench.ToolAsync([Client.Replace("clientId:", "scopes: [x], clientId:", StringComparison.Ordinal)], secrets: Password));
        Assert.Equal(5, bench.TokenCalls);

        async Task CallAsync(Tool tool) => Assert.Equal("200", await bench.CallAsync(tool));
    }

    [Fact]
    public async Task A_token_is_fetched_anew_before_it_ends_and_the_old_one_serves_if_that_fails()
    {
        await using var bench = await StartAsync(expiresIn: "100");
        var tool = await bench.ToolAsync([Client], secrets: Password);
        await bench.CallAsync(tool);
        bench.Time.Advance(TimeSpan.FromSeconds(79));
        await bench.CallAsync(tool);
        Assert.Equal(1, bench.TokenCalls);

        bench.Answers(e => e.Request.Target == "/token" ? e.AnswerAsync(500, "text/html", "down") : Api(e));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("200", await bench.CallAsync(tool));
        Assert.Equal("200", await bench.CallAsync(tool));
        Assert.Equal(2, bench.TokenCalls);
        Assert.Equal("Bearer token-1", bench.Upstream.Requests[^1].Header("Authorization"));

        bench.Time.Advance(AccessTokens.FailurePause);
        Script(bench);
        await bench.CallAsync(tool);
        Assert.Equal(3, bench.TokenCalls);
        Assert.Equal("Bearer token-2", bench.Upstream.Requests[^1].Header("Authorization"));
    }

    [Fact]
    public async Task One_caller_refreshes_while_the_others_go_on_with_the_old_token()
    {
        await using var bench = await StartAsync(expiresIn: "100");
        var tool = await bench.ToolAsync([Client], secrets: Password);
        await bench.CallAsync(tool);
        bench.Time.Advance(TimeSpan.FromSeconds(80));
        var released = new TaskCompletionSource();
        bench.Answers(async e =>
        {
            if (e.Request.Target == "/token")
            {
                await released.Task;
                await Token(e, "100");
                return;
            }

            await Api(e);
        });

        var refreshing = bench.CallAsync(tool);
        Assert.Equal("200", await bench.CallAsync(tool));
        Assert.Equal("Bearer token-1", bench.Upstream.Requests.Last(r => r.Target == "/api").Header("Authorization"));
        Assert.False(refreshing.IsCompleted);
        released.SetResult();
        Assert.Equal("200", await refreshing);
        Assert.Equal("Bearer token-2", bench.Upstream.Requests[^1].Header("Authorization"));
    }

    [Fact]
    public async Task A_cached_token_that_the_api_refuses_is_replaced_once_whatever_the_method()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client, "method: POST"], secrets: Password);
        await bench.CallAsync(tool);
        bench.Answers(e => e.Request.Target == "/token" ? Token(e, "3600")
            : e.Request.Header("Authorization") == "Bearer token-1" ? e.AnswerAsync(401, "text/plain", "withdrawn")
            : Api(e));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.CallAsync(tool)));

        Assert.All(answers, a => Assert.Equal("200", a));
        Assert.Equal(2, bench.TokenCalls);
    }

    [Fact]
    public async Task An_api_that_refuses_every_token_does_not_make_every_call_fetch_one()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client], secrets: Password);
        bench.Answers(e => e.Request.Target == "/token" ? Token(e, "3600") : e.AnswerAsync(401, "text/plain", "no"));

        Assert.Equal("401", await bench.CallAsync(tool));
        Assert.Equal((1, 1), (bench.TokenCalls, bench.Calls));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("401", await bench.CallAsync(tool));
        }

        Assert.Equal((2, 7), (bench.TokenCalls, bench.Calls));
        bench.Time.Advance(AccessTokens.RejectionPause);
        await bench.CallAsync(tool);
        Assert.Equal((3, 9), (bench.TokenCalls, bench.Calls));
    }

    [Fact]
    public async Task A_dead_token_endpoint_is_not_asked_by_every_call_and_the_api_by_none()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client, "retry: { attempts: 5 }"], secrets: Password);
        bench.Answers(e => e.AnswerAsync(503, "text/html", "<html>10.0.0.8 is down</html>"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.CallAsync(tool)));
        Assert.All(answers, a => Assert.Equal("The gateway has no access token for this tool: its token endpoint answered 503. Try again later.", a));
        Assert.Equal((1, 0), (bench.TokenCalls, bench.Calls));

        bench.Time.Advance(AccessTokens.FailurePause);
        Script(bench);
        Assert.Equal("200", await bench.CallAsync(tool));
    }

    [Fact]
    public async Task Misbehaviour_of_a_token_endpoint_is_told_without_its_words()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client], secrets: Password);
        await SaysAsync(e => e.EndlessAsync("application/json"), "answered with more than a token");
        await SaysAsync(e => e.RedirectAsync("/elsewhere", 307), "redirected, which is not followed");
        await SaysAsync(e => e.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), "cut short", close: true);
        await SaysAsync(e => e.AnswerJsonAsync("""{"access_token":"a\nb","token_type":"Bearer"}"""), "cannot stand in a header");
        await SaysAsync(e => e.AnswerAsync(400, "application/json", """{"error":"invalid_client","error_description":"crm has the wrong secret pa:ss"}"""), "(invalid_client)");
        Assert.Equal(0, bench.Calls);
        bench.AssertNowhereLogged("pa:ss");

        async Task SaysAsync(Func<ScriptedExchange, Task> script, string expected, bool close = false)
        {
            bench.Answers(async e =>
            {
                await script(e);
                if (close)
                {
                    e.Close();
                }
            });
            var said = await bench.CallAsync(tool);
            Assert.Contains(expected, said, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", said, StringComparison.Ordinal);
            bench.Time.Advance(AccessTokens.FailurePause);
        }
    }

    [Fact]
    public async Task A_token_endpoint_that_hangs_holds_a_call_no_longer_than_the_tools_time()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client, "timeout: 3s"], secrets: Password);
        bench.Answers(e => e.HangAsync());

        var call = bench.CallAsync(tool);
        await bench.Upstream.ArrivedAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal("The gateway has no access token for this tool: its token endpoint did not answer in time. Try again later.", await call);
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_take_the_token_of_the_others_along()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client], secrets: Password);
        var released = new TaskCompletionSource();
        bench.Answers(async e =>
        {
            await (e.Request.Target == "/token" ? released.Task : Task.CompletedTask);
            await (e.Request.Target == "/token" ? Token(e, "3600") : Api(e));
        });
        using var leaving = new CancellationTokenSource();
        var first = bench.CallAsync(tool, ct: leaving.Token);
        await bench.Upstream.ArrivedAsync();
        var second = bench.CallAsync(tool);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        released.SetResult();

        Assert.Equal("200", await second);
        Assert.Equal(1, bench.TokenCalls);
    }

    [Fact]
    public async Task Neither_tokens_nor_client_secrets_are_logged()
    {
        await using var bench = await StartAsync();
        var tool = await bench.ToolAsync([Client], secrets: Password);
        await bench.CallAsync(tool);
        bench.Answers(e => e.AnswerAsync(401, "application/json", """{"error":"invalid_client","detail":"pa:ss wörd&"}"""));
        await bench.CallAsync(tool);

        bench.AssertNowhereLogged("token-1");
        bench.AssertNowhereLogged("pa:ss");
        bench.AssertNowhereLogged("pa%3Ass");
        Assert.Equal("***", ToolCredential.Header("Authorization", "Bearer x").ToString());
    }

    private async Task<UpstreamBench> StartAsync(string expiresIn = "3600")
    {
        var bench = await UpstreamBench.StartAsync();
        Script(bench, expiresIn);
        return bench;
    }

    private void Script(UpstreamBench bench, string expiresIn = "3600") => bench.Answers(e => e.Request.Target == "/token" ? Token(e, expiresIn) : Api(e));

    private Task Token(ScriptedExchange exchange, string expiresIn) =>
        exchange.AnswerJsonAsync($$"""{"access_token":"token-{{Interlocked.Increment(ref _issued)}}","token_type":"Bearer","expires_in":{{expiresIn}}}""");

    private static Task Api(ScriptedExchange exchange) => exchange.AnswerJsonAsync("{}");
}
