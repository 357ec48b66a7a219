using System.Net;
using System.Text;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>A page of an allowed origin can really use the gateway: preflight first, then the request, then reading the answer.</summary>
public sealed class BrowserTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private const string Resources =
        """
        apiVersion: gostoa.dev/v1alpha1
        kind: Tenant
        metadata: { name: acme }
        spec: { allowedOrigins: ["https://app.example"] }
        ---
        apiVersion: gostoa.dev/v1alpha1
        kind: Consumer
        metadata: { name: agent, namespace: acme }
        """;

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/t/acme/mcp")]
    [InlineData("/mcp/v1/tools/any/invoke")]
    public async Task A_preflight_says_what_may_be_tried_and_promises_nothing(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://app.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,mcp-method");

        using var response = await gateway.ClientFor(null).SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://app.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("POST", response.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("authorization,content-type,mcp-method", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://app.example", HttpStatusCode.OK, true)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden, false)]
    public async Task Only_a_page_of_an_allowed_origin_reads_the_answer(string origin, HttpStatusCode status, bool readable)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Resources);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(Ping, Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", origin);

        using var response = await gateway.ClientFor(await gateway.IssueKeyAsync("acme", "agent")).SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(readable, response.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
