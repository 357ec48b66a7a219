using System.Net;
using Stoa.Testing;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>Timers: run by the host, through an envelope, and by nobody else.</summary>
public class HostTimerTests(HostedGateway hosted) : IClassFixture<HostedGateway>
{
    [Theory]
    [InlineData("config-sweep")]
    [InlineData("key-rotation")]
    public async Task The_host_runs_a_timer_through_its_envelope(string timer)
    {
        await hosted.Host.FireAsync(timer, TestContext.Current.CancellationToken);

        Assert.Contains("9101", await hosted.Host.Handler.SaysAsync($"Timer {timer} ran.", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // The second lock behind the host's routing: should a route ever match a timer's path, the host's own mark keeps it shut.
    [Fact]
    public async Task A_request_that_the_host_forwarded_cannot_run_a_timer()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{hosted.Host.Handler.Port}") };
        using var forwarded = new HttpRequestMessage(HttpMethod.Post, "/config-sweep") { Headers = { { "x-ms-invocation-id", "1" } }, Content = HostedGateway.Json("{}") };
        using var response = await client.SendAsync(forwarded, TestContext.Current.CancellationToken);
        using var read = await client.GetAsync("/config-sweep", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task Without_the_host_there_is_no_timer_to_call()
    {
        await using var standalone = await TestGateway.StartAsync();
        using var response = await standalone.Admin.PostAsync("/config-sweep", HostedGateway.Json("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
