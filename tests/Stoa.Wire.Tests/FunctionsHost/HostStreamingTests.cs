using System.Net;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>Bodies through the host's hop: event by event on the way out, under the gateway's own caps on the way in.</summary>
public class HostStreamingTests(HostedGateway hosted) : IClassFixture<HostedGateway>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_progress_event_arrives_while_the_tool_is_still_at_work()
    {
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = hosted.Upstream.Requests.Count;
        hosted.Script = async exchange =>
        {
            await mayAnswer.Task;
            await exchange.AnswerJsonAsync("""{"done":"at last"}""");
        };

        using var response = await hosted.Agent.SendAsync(HostedGateway.CallSlow(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);

        var first = await NextDataAsync(events);
        Assert.Contains("notifications/progress", first, StringComparison.Ordinal);
        Assert.Equal(0, (await hosted.Upstream.ArrivedAsync(calls + 1)).BytesSent);

        mayAnswer.SetResult();
        var last = first;
        while (await NextDataAsync(events) is { } next)
        {
            last = next;
        }

        Assert.Contains("at last", last, StringComparison.Ordinal);
        Assert.Contains("\"id\":7", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_call_of_the_tool()
    {
        var calls = hosted.Upstream.Requests.Count;
        hosted.Script = exchange => exchange.HangAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        // No stream, or after a second its head would be there and nothing be left to cancel.
        var call = hosted.Agent.SendAsync(HostedGateway.CallSlow("application/json"), HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await hosted.Upstream.ArrivedAsync(calls + 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await hosted.Upstream.ClientLeftAsync(calls + 1);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_stream_ends_it_too()
    {
        var calls = hosted.Upstream.Requests.Count;
        hosted.Script = exchange => exchange.HangAsync();

        using (var response = await hosted.Agent.SendAsync(HostedGateway.CallSlow(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            using var events = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            Assert.NotNull(await NextDataAsync(events));
        }

        await hosted.Upstream.ClientLeftAsync(calls + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_doors_cap_is_refused_by_the_gateway(bool withLength)
    {
        using var response = await PostAsync("/mcp", (4 * 1024 * 1024) + 1, withLength);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.True(response.Headers.Contains("x-stoa-trace-id"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_far_over_every_cap_is_refused_too(bool withLength)
    {
        using var response = await PostAsync("/mcp", 40 * 1024 * 1024, withLength);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, int length, bool withLength)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[length]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = !withLength;
        return await hosted.Agent.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<string?> NextDataAsync(StreamReader events)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return line["data:".Length..];
            }
        }

        return null;
    }
}
