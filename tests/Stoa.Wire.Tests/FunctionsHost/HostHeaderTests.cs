using System.Net;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>Who calls, and under which name, is what the host saw and what the settings say; never what the client writes.</summary>
public class HostHeaderTests(HostedGateway hosted) : IClassFixture<HostedGateway>
{
    private const string Elsewhere = "203.0.113.7";

    [Fact]
    public async Task A_key_bound_to_an_address_works_from_there_alone()
    {
        var key = await hosted.IssueKeyAsync("""{"addresses":["127.0.0.2/32"]}""");

        Assert.Equal(HttpStatusCode.OK, await ListToolsAsync(hosted.ClientFor(key, IPAddress.Parse("127.0.0.2"))));
        Assert.Equal(HttpStatusCode.Forbidden, await ListToolsAsync(hosted.ClientFor(key)));
    }

    [Theory]
    [InlineData("X-Forwarded-For", Elsewhere)]
    [InlineData("X-Forwarded-For", $"127.0.0.1, {Elsewhere}")]
    [InlineData("X-Forwarded-For", $"{Elsewhere}:443")]
    [InlineData("CLIENT-IP", Elsewhere)]
    [InlineData("X-Real-IP", Elsewhere)]
    [InlineData("Forwarded", $"for={Elsewhere}")]
    public async Task A_client_cannot_write_itself_another_address(string header, string value)
    {
        var key = await hosted.IssueKeyAsync($$"""{"addresses":["{{Elsewhere}}/32"]}""");

        Assert.Equal(HttpStatusCode.Forbidden, await ListToolsAsync(hosted.ClientFor(key), (header, value)));
    }

    [Fact]
    public async Task A_spoofed_address_does_not_cost_the_caller_its_own()
    {
        var key = await hosted.IssueKeyAsync("""{"addresses":["127.0.0.1/32"]}""");

        Assert.Equal(HttpStatusCode.OK, await ListToolsAsync(hosted.ClientFor(key), ("X-Forwarded-For", Elsewhere)));
    }

    [Theory]
    [InlineData("/mcp/v1/tools")]
    [InlineData("/mcp")]
    [InlineData("/manage/v1/tenants")]
    [InlineData("/healthz")]
    public async Task No_answer_repeats_the_name_that_the_client_or_the_host_used(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Host", "evil.example" }, { "X-Forwarded-Host", "evil.example" } } };
        using var client = hosted.ClientFor(null);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var all = response.Headers.ToString() + await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("evil.example", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("127.0.0.1", all, StringComparison.Ordinal);
    }

    // Behind the host every Host is 127.0.0.1, so a page on the operator's own loopback must not count as the same machine.
    [Theory]
    [InlineData("http://127.0.0.1:8080", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:3000", HttpStatusCode.Forbidden)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(HostedGateway.PublicUrl, HttpStatusCode.OK)]
    public async Task Only_pages_of_the_public_url_may_call(string origin, HttpStatusCode status)
    {
        Assert.Equal(status, await ListToolsAsync(hosted.Agent, ("Origin", origin)));
    }

    private static async Task<HttpStatusCode> ListToolsAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/v1/tools");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
