using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Slow upstreams: when an answer becomes a stream, what travels on it, and how it is cancelled in each era.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private const string Slow = "\"name\":\"slow\"";
    private const string Pretty = "{\r\n  \"ok\": true,\n  \"lines\": \"a\\nb\"\n}";

    private readonly WatchedTime _time = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private World _world = null!;

    public static TheoryData<string> AllRevisions => [.. Revision.All];

    public async ValueTask InitializeAsync()
    {
        // More than any test lets pass: a record may still be on its way then.
        _world = await World.StartAsync("Stoa:AuditPatienceSeconds", "60", _time);
        _world.UpstreamAnswers(async exchange =>
        {
            await _release.Task.WaitAsync(exchange.ClientLeft);
            await exchange.AnswerJsonAsync(Pretty);
            _answered.TrySetResult();
        });
        await _world.ToolAsync("slow", "timeout: 60s");
        await _world.ToolAsync("brief", "timeout: 5s");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(Revision.Modern, "\"tok\\u00e9n\"")]
    [InlineData(Revision.Modern, "7")]
    [InlineData(Revision.V202503, "\"t\"")]
    [InlineData(Revision.V202511, "0")]
    public async Task With_a_token_progress_increases_and_the_result_is_the_last_event(string revision, string token)
    {
        var opening = _world.Agent(revision).OpenAsync("tools/call", Slow, meta: Meta(revision, token));
        await _world.Upstream.ArrivedAsync();
        await _time.PassAsync(1);
        using var stream = await EventStream.OfAsync(opening);

        var progress = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            var message = await stream.MessageAsync();
            OfficialSchema.Check(revision, "ProgressNotification", message);
            Assert.Equal(token, message.GetProperty("params").GetProperty("progressToken").GetRawText());
            progress.Add(message.GetProperty("params").GetProperty("progress").GetDouble());
            _time.Advance(1);
        }

        _release.SetResult();
        var last = await stream.MessageAsync();
        while (last.TryGetProperty("method", out _))
        {
            last = await stream.MessageAsync();
        }

        Assert.Equal(progress.Distinct().Order(), progress);
        AssertPretty(revision, last);
        Assert.Null(await stream.NextAsync());
    }

    [Theory]
    [MemberData(nameof(AllRevisions))]
    public async Task Without_a_token_comments_keep_the_connection_open(string revision)
    {
        var opening = _world.Agent(revision).OpenAsync("tools/call", Slow);

        // Connected, or the ten seconds would be too long for connecting.
        await _world.Upstream.ArrivedAsync();
        await _time.PassAsync(10);
        using var stream = await EventStream.OfAsync(opening);
        Assert.Equal(":", await stream.NextAsync());

        await _time.PassAsync(15);
        Assert.Equal(":", await stream.NextAsync());
        _time.Advance(15);
        Assert.Equal(":", await stream.NextAsync());

        _release.SetResult();
        AssertPretty(revision, await stream.MessageAsync());
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task A_client_that_takes_no_stream_gets_none()
    {
        var opening = _world.Modern().OpenAsync("tools/call", Slow, meta: Meta(Revision.Modern, "1"), accept: "application/json");
        await _world.Upstream.ArrivedAsync();
        _time.Advance(30);
        _release.SetResult();

        using var response = await opening;

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_quick_answer_is_no_stream()
    {
        _release.SetResult();

        var reply = await _world.Modern().CallAsync("slow");

        Assert.Equal("application/json", reply.IsResult().Header("Content-Type"));
    }

    [Fact]
    public async Task A_failure_after_the_stream_began_is_its_last_event()
    {
        var opening = _world.Modern().OpenAsync("tools/call", "\"name\":\"brief\"", meta: Meta(Revision.Modern, "1"));
        await _world.Upstream.ArrivedAsync();
        await _time.PassAsync(1);
        using var stream = await EventStream.OfAsync(opening);
        Assert.True((await stream.MessageAsync()).TryGetProperty("method", out _));

        _time.Advance(10);
        var last = await stream.MessageAsync();
        while (last.TryGetProperty("method", out _))
        {
            last = await stream.MessageAsync();
        }

        Assert.True(last.GetProperty("result").GetProperty("isError").GetBoolean());
        OfficialSchema.Check(Revision.Modern, "CallToolResult", last.GetProperty("result"));
    }

    [Fact]
    public async Task A_modern_client_cancels_by_leaving_before_the_stream()
    {
        using var leaving = new CancellationTokenSource();
        var opening = _world.Modern().OpenAsync("tools/call", Slow, ct: leaving.Token);
        await _world.Upstream.ArrivedAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        await _world.Upstream.ClientLeftAsync();
    }

    [Fact]
    public async Task A_modern_client_cancels_by_closing_the_stream()
    {
        var opening = _world.Modern().OpenAsync("tools/call", Slow, meta: Meta(Revision.Modern, "1"));
        await _world.Upstream.ArrivedAsync();
        await _time.PassAsync(1);
        var stream = await EventStream.OfAsync(opening);
        await stream.MessageAsync();

        stream.Dispose();

        await _world.Upstream.ClientLeftAsync();
    }

    [Theory]
    [InlineData(Revision.V202503)]
    [InlineData(Revision.V202511)]
    public async Task A_legacy_client_that_leaves_does_not_cancel(string revision)
    {
        using var leaving = new CancellationTokenSource();
        var opening = _world.Agent(revision).OpenAsync("tools/call", Slow, ct: leaving.Token);
        var exchange = await _world.Upstream.ArrivedAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        await LetAModernClientLeaveAsync(2);

        Assert.False(exchange.ClientLeft.IsCancellationRequested);
        _release.SetResult();
        await _answered.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_legacy_client_that_leaves_a_stream_does_not_keep_the_gateway_busy()
    {
        var opening = _world.Agent(Revision.V202511).OpenAsync("tools/call", Slow);
        var exchange = await _world.Upstream.ArrivedAsync();
        await _time.PassAsync(10);
        var stream = await EventStream.OfAsync(opening);
        Assert.Equal(":", await stream.NextAsync());

        stream.Dispose();
        await LetAModernClientLeaveAsync(2);
        await LetAModernClientLeaveAsync(3);

        Assert.InRange(_time.Reads, 0, 500);
        Assert.False(exchange.ClientLeft.IsCancellationRequested);
        _release.SetResult();
    }

    [Theory]
    [InlineData(Revision.V202503, "7")]
    [InlineData(Revision.V202506, "\"call-7\"")]
    [InlineData(Revision.V202511, "7")]
    public async Task A_legacy_client_cancels_by_notification_and_gets_no_response(string revision, string id)
    {
        var agent = _world.Agent(revision);
        var opening = agent.OpenAsync("tools/call", Slow, id: id);
        await _world.Upstream.ArrivedAsync();

        Assert.Equal(202, (await agent.NotifyAsync("notifications/cancelled", $"\"requestId\":{id},\"reason\":\"no need\"")).Status);

        await _world.Upstream.ClientLeftAsync();
        using var response = await opening;
        Assert.Equal("", (await agent.ReadAsync(response)).Text);
    }

    [Fact]
    public async Task Nobody_else_cancels_a_call()
    {
        var agent = _world.Agent(Revision.V202511);
        var opening = agent.OpenAsync("tools/call", Slow, id: "7");
        await _world.Upstream.ArrivedAsync();

        foreach (var key in new[] { _world.ReaderKey, _world.OtherKey, await _world.IssueKeyAsync("agent") })
        {
            Assert.Equal(202, (await _world.Agent(Revision.V202511, key).NotifyAsync("notifications/cancelled", "\"requestId\":7")).Status);
        }

        foreach (var wrong in new[] { "\"7\"", "8", "7.0", "null", "{}" })
        {
            Assert.Equal(202, (await agent.NotifyAsync("notifications/cancelled", $"\"requestId\":{wrong}")).Status);
        }

        _release.SetResult();
        using var response = await opening;
        (await agent.ReadAsync(response)).IsResult();
    }

    [Fact]
    public async Task A_notification_cancels_no_modern_call()
    {
        var agent = _world.Modern();
        var opening = agent.OpenAsync("tools/call", Slow, id: "7");
        await _world.Upstream.ArrivedAsync();

        await agent.NotifyAsync("notifications/cancelled", "\"requestId\":7");
        await _world.Agent(Revision.V202511).NotifyAsync("notifications/cancelled", "\"requestId\":7");

        _release.SetResult();
        using var response = await opening;
        (await agent.ReadAsync(response)).IsResult();
    }

    /// <summary>By the time its end is seen upstream, the gateway has had the time to see the end of those that left before it.</summary>
    private async Task LetAModernClientLeaveAsync(int request)
    {
        using var leaving = new CancellationTokenSource();
        var opening = _world.Modern().OpenAsync("tools/call", Slow, ct: leaving.Token);
        await _world.Upstream.ArrivedAsync(request);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        await _world.Upstream.ClientLeftAsync(request);
    }

    private static string Meta(string revision, string token) => $"\"progressToken\":{token}{(revision == Revision.Modern ? "," + Agent.ModernMeta : "")}";

    private static void AssertPretty(string revision, JsonElement message)
    {
        Assert.Equal("1", message.GetProperty("id").GetRawText());
        var result = message.GetProperty("result");
        OfficialSchema.Check(revision, "CallToolResult", result);
        Assert.Equal(Pretty, result.GetProperty("content")[0].GetProperty("text").GetString());
        if (Revision.IsSince(revision, Revision.V202506))
        {
            Assert.Equal("a\nb", result.GetProperty("structuredContent").GetProperty("lines").GetString());
        }
    }
}
