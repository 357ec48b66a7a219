using System.Diagnostics;
using System.Net.Http.Headers;
using Stoa.Gateway.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Egress;

public sealed class EgressWireTests : IDisposable
{
    private readonly EgressClient _client = TestEgress.Client();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task An_answer_arrives_with_status_headers_and_body_as_sent()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(
            503, "text/html; charset=iso-8859-1", "<h1>later</h1>", "Retry-After: 7", "X-Many: a", "X-Many: b", "Content-Encoding: br"));

        using var reply = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));

        Assert.Equal(503, reply.Status);
        Assert.False(reply.IsSuccess);
        Assert.Equal("text/html", reply.Content.MediaType.ToString());
        Assert.Equal("iso-8859-1", reply.Content.Charset.ToString());
        Assert.Equal("<h1>later</h1>"u8, reply.Body.Span);
        Assert.Equal(TimeSpan.FromSeconds(7), reply.RetryAfter(DateTimeOffset.UnixEpoch));
        Assert.Equal("a, b", reply.Header("X-Many"));
        Assert.Equal("br", reply.Header("Content-Encoding"));
        Assert.Null(reply.Header("Location"));
    }

    [Theory]
    [InlineData("Thu, 01 Jan 1970 00:01:00 GMT", 60)]
    [InlineData("Wed, 31 Dec 1969 23:00:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task A_retry_date_is_turned_into_a_wait(string date, int? seconds)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
            exchange.AnswerAsync(429, "text/plain", "", $"Retry-After: {date}"));

        using var reply = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));

        Assert.Equal(seconds, reply.RetryAfter(DateTimeOffset.UnixEpoch)?.TotalSeconds);
    }

    [Fact]
    public async Task Nothing_is_sent_but_what_the_caller_wrote_and_the_trace()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(200, "text/plain", "", "Set-Cookie: a=b"));
        using var activity = new Activity("call").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("tenant", "acme").Start();
        activity.TraceStateString = "vendor=1";
        var request = new HttpRequestMessage(HttpMethod.Post, upstream.Url) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Api-Key", "tool-key");

        using var first = await TestEgress.ReplyOfAsync(_client, request);
        activity.Stop();
        using var second = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));

        Assert.Equal(
            ["Content-Length: 2", "Content-Type: application/json", $"Host: 127.0.0.1:{upstream.Port}", $"traceparent: {activity.Id}", "X-Api-Key: tool-key"],
            upstream.Requests[0].HeaderLines.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("{}", upstream.Requests[0].BodyText);
        Assert.Equal([$"Host: 127.0.0.1:{upstream.Port}"], upstream.Requests[1].HeaderLines);
    }

    [Fact]
    public async Task A_connection_is_used_again()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("""{"n":1}"""));

        for (var i = 0; i < 5; i++)
        {
            using var reply = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));
        }

        Assert.Equal(5, upstream.Requests.Count);
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Bytes_after_the_declared_end_never_become_the_next_calls_answer()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.SendAsync(
            exchange.Request.Connection == 1
                ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
                : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue"));

        using var first = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));
        using var second = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));

        Assert.Equal("{}"u8, first.Body.Span);
        Assert.Equal("true"u8, second.Body.Span);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_is_sent_once_even_when_a_kept_connection_dies_under_it(bool reset)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            if (exchange.Request.Number == 1)
            {
                await exchange.AnswerJsonAsync("{}");
            }
            else if (reset)
            {
                exchange.Reset();
            }
            else
            {
                exchange.Close();
            }
        });
        using var first = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));
        var write = new HttpRequestMessage(HttpMethod.Post, upstream.Url) { Content = new StringContent("pay") };

        var failure = await TestEgress.FailureOfAsync(_client, write, TestEgress.Ample);

        Assert.Equal(EgressFault.Broken, failure.Fault);
        Assert.Equal(2, upstream.Requests.Count);
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task An_answer_to_head_has_no_body_whatever_length_it_tells()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
            exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"));

        using var reply = await TestEgress.ReplyOfAsync(_client, new HttpRequestMessage(HttpMethod.Head, upstream.Url));

        Assert.Equal(0, reply.Body.Length);
    }

    [Fact]
    public async Task Cancelling_before_the_headers_throws_and_drops_the_connection_at_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.HangAsync());
        using var caller = new CancellationTokenSource();
        var call = _client.SendAsync(TestEgress.Get(upstream.Url), TestEgress.Ample, caller.Token).AsTask();
        await upstream.ArrivedAsync();

        await caller.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, thrown.CancellationToken);
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task Cancelling_in_the_body_throws_and_drops_the_connection_at_once()
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/plain");
            await exchange.ChunkAsync("half");
            half.SetResult();
            await exchange.HangAsync();
        });
        using var caller = new CancellationTokenSource();
        var call = _client.SendAsync(TestEgress.Get(upstream.Url), TestEgress.Ample, caller.Token).AsTask();
        await half.Task;

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task A_deadline_is_not_inherited_by_the_next_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
            exchange.Request.Target == "/hang" ? exchange.HangAsync() : exchange.AnswerJsonAsync("{}"));

        for (var i = 0; i < 3; i++)
        {
            var failure = await TestEgress.FailureOfAsync(
                _client, TestEgress.Get(new Uri(upstream.Url, "hang")), TestEgress.Ample with { Timeout = TimeSpan.FromMilliseconds(30) });
            using var reply = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(upstream.Url));
            Assert.Equal(EgressFault.TimedOut, failure.Fault);
            Assert.Equal(200, reply.Status);
        }
    }

    [Fact]
    public async Task Calls_in_parallel_each_get_their_own_answer()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange =>
            exchange.AnswerAsync(200, "text/plain", string.Concat(Enumerable.Repeat(exchange.Request.Target, 500))));

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var reply = await TestEgress.ReplyOfAsync(_client, TestEgress.Get(new Uri(upstream.Url, $"{i}")));
            Assert.Equal(string.Concat(Enumerable.Repeat($"/{i}", 500)), System.Text.Encoding.ASCII.GetString(reply.Body.Span));
        });

        Assert.Equal(400, upstream.Requests.Count);
        // The handler may open a connection that a finished call makes unneeded, so the width is no exact bound; reuse is what counts.
        Assert.InRange(upstream.Connections, 1, 100);
    }

    [Fact]
    public async Task An_opened_answer_streams_and_disposing_it_drops_the_connection()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            await exchange.ChunkAsync("data: 1\n\n");
            await exchange.HangAsync();
        });

        var time = new FakeTime();
        using var client = TestEgress.Client(time);
        var opened = await client.OpenAsync(TestEgress.Get(upstream.Url), TestEgress.Ample, TestContext.Current.CancellationToken);
        Assert.True(opened.IsAnswer);

        // The limit was for the headers.
        time.Advance(2 * TestEgress.Ample.Timeout);
        using (var response = opened.Value)
        {
            var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            var buffer = new byte[100];
            var read = await body.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal("data: 1\n\n"u8, buffer.AsSpan(0, read));
        }

        await upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task An_opening_that_gets_no_headers_is_a_failure_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.HangAsync());

        var time = new FakeTime();
        using var client = TestEgress.Client(time);
        var opening = client.OpenAsync(TestEgress.Get(upstream.Url), TestEgress.Ample, TestContext.Current.CancellationToken).AsTask();
        await upstream.ArrivedAsync();
        time.Advance(TestEgress.Ample.Timeout);

        Assert.Equal(EgressFault.TimedOut, (await opening).Failure?.Fault);
        await upstream.ClientLeftAsync();
    }
}
