using System.Net;
using System.Net.Sockets;
using System.Text;
using Stoa.Gateway;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>What the internet reaches through the Functions host: the doors, and nothing else.</summary>
public class HostRoutingTests(HostedGateway hosted) : IClassFixture<HostedGateway>
{
    [Fact]
    public void The_host_finds_the_handler_ready_well_within_its_patience()
    {
        Assert.InRange(hosted.Host.Handler.ReadyAfter, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void The_published_app_has_every_function_of_the_route_table()
    {
        Assert.Equal(
            RouteTable.Functions.Select(f => (f.Function, f.Route)).Order(),
            hosted.Host.App.Http.Select(f => (f.Name, f.Route)).Order());
    }

    [Theory]
    [InlineData("POST", "/mcp", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/mcp", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/mcp/v1/tools", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/mcp/v1/tools/slow/invoke", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/t/acme/mcp", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/manage/v1/tenants", HttpStatusCode.Unauthorized)]
    [InlineData("DELETE", "/manage/v1/tools/slow", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    [InlineData("HEAD", "/healthz", HttpStatusCode.OK)]
    [InlineData("GET", "/readyz", HttpStatusCode.OK)]
    public async Task A_door_answers_in_its_own_words(string method, string path, HttpStatusCode status)
    {
        using var client = hosted.ClientFor(null);
        using var response = await client.SendAsync(new(new(method), path), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.True(response.Headers.Contains("x-stoa-trace-id"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/admin/functions")]
    [InlineData("/runtime/webhooks/x")]
    [InlineData("/t/acme")]
    [InlineData("/healthz/more")]
    [InlineData("/nothing")]
    public async Task What_belongs_to_no_door_never_reaches_the_gateway(string path)
    {
        using var response = await hosted.Admin.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.False(response.Headers.Contains("x-stoa-trace-id"));
    }

    [Theory]
    [InlineData("/config-sweep")]
    [InlineData("/CONFIG-SWEEP")]
    [InlineData("/key-rotation")]
    [InlineData("/mcp/../config-sweep")]
    [InlineData("/mcp/%2e%2e/config-sweep")]
    [InlineData("/mcp/%252e%252e/config-sweep")]
    [InlineData("/mcp/..%2fconfig-sweep")]
    [InlineData("/mcp//config-sweep")]
    public async Task A_timer_is_closed_to_the_public_however_its_path_is_written(string target)
    {
        Assert.StartsWith("HTTP/1.1 404 ", await RawPostAsync(target, ""), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await RawPostAsync(target, "x-ms-invocation-id: spoofed\r\n"), StringComparison.Ordinal);
    }

    private async Task<string> RawPostAsync(string target, string headers)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, hosted.Host.Url.Port, TestContext.Current.CancellationToken);
        var stream = tcp.GetStream();
        var request = $"POST {target} HTTP/1.1\r\nHost: gateway.example\r\n{headers}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
