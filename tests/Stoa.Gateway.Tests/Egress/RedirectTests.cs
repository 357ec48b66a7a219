using Stoa.Gateway.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Egress;

public sealed class RedirectTests : IDisposable
{
    private readonly EgressClient _client = TestEgress.Client();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_read_follows_a_redirect_within_its_origin_with_its_headers(int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.Request.Target == "/"
            ? exchange.RedirectAsync("/moved?to=1", status)
            : exchange.AnswerAsync(200, "text/plain", "there"));
        var request = TestEgress.Get(upstream.Url);
        request.Headers.TryAddWithoutValidation("X-Tool", "one");

        using var reply = await TestEgress.ReplyOfAsync(_client, request);

        Assert.Equal("there"u8, reply.Body.Span);
        Assert.Equal(["/", "/moved?to=1"], upstream.Requests.Select(seen => seen.Target));
        Assert.All(upstream.Requests, seen => Assert.Equal("one", seen.Header("X-Tool")));
    }

    [Fact]
    public async Task Three_redirects_are_followed_and_a_fourth_is_not()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
        {
            var left = exchange.Request.Target.Length - 2;
            return left == 0 ? exchange.AnswerJsonAsync("{}") : exchange.RedirectAsync('/' + new string('x', left));
        });

        using var reply = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(new Uri(upstream.Url, "xxxx")));
        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(new Uri(upstream.Url, "xxxxx")), TestEgress.Ample);

        Assert.Equal(200, reply.Status);
        Assert.Equal(EgressFault.RedirectForbidden, failure.Fault);
        Assert.Equal(8, upstream.Requests.Count);
    }

    [Theory]
    [InlineData("http://localhost:{port}/")]
    [InlineData("http://127.0.0.2:{port}/")]
    [InlineData("https://127.0.0.1:{port}/")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://user@127.0.0.1:{port}/")]
    [InlineData("http://169.254.169.254/metadata/instance")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//127.0.0.2:{port}/")]
    public async Task No_redirect_leads_to_another_origin(string location)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
            exchange.RedirectAsync(location.Replace("{port}", $"{exchange.Request.Header("X-Port")}", StringComparison.Ordinal)));
        var request = TestEgress.Get(upstream.Url);
        request.Headers.TryAddWithoutValidation("X-Port", $"{upstream.Port}");

        var failure = await TestEgress.FailureOfAsync(_client, request, TestEgress.Ample);

        Assert.Equal(EgressFault.RedirectForbidden, failure.Fault);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_write_is_not_repeated_elsewhere()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.RedirectAsync("/again", 307));
        var request = new HttpRequestMessage(HttpMethod.Post, upstream.Url) { Content = new StringContent("{}") };

        var failure = await TestEgress.FailureOfAsync(_client, request, TestEgress.Ample);

        Assert.Equal(EgressFault.RedirectForbidden, failure.Fault);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_call_that_allows_no_redirect_follows_none()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.RedirectAsync("/again"));

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample with { MaxRedirects = 0 });

        Assert.Equal(EgressFault.RedirectForbidden, failure.Fault);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_redirect_without_a_location_is_refused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(302, "text/plain", "where?"));

        var failure = await TestEgress.FailureOfAsync(_client, TestEgress.Get(upstream.Url), TestEgress.Ample);

        Assert.Equal(EgressFault.RedirectForbidden, failure.Fault);
    }
}
