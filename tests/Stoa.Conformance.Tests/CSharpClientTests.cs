using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Stoa.Conformance.Tests;

/// <summary>The official C# client, by default and asking for each revision.</summary>
public sealed class CSharpClientTests(ConformanceGateway gateway)
{
    [Theory]
    [InlineData(null, "2026-07-28")]
    [InlineData("2026-07-28", "2026-07-28")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("2024-11-05", "2024-11-05")]
    public async Task The_client_speaks_every_revision_it_knows(string? asked, string revision)
    {
        var ct = TestContext.Current.CancellationToken;
        var run = $"csharp-{asked}";
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = gateway.Url,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {await gateway.IssueClientKeyAsync()}" },
        });
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = asked }, cancellationToken: ct);

        var outcome = await WalkAsync(client, run, ct);
        await (revision == "2026-07-28" ? CancelAsync(client, run, ct) : CancelByNotificationAsync(client, run, ct));

        outcome.Verify(revision);
        await gateway.Upstream.AbortedAsync(run);
    }

    private static async Task<ClientOutcome> WalkAsync(McpClient client, string run, CancellationToken ct)
    {
        var tools = await client.ListToolsAsync(cancellationToken: ct);
        var weather = await client.CallToolAsync("get_weather", Arguments(("city", "Växjö")), cancellationToken: ct);
        var orders = await client.CallToolAsync("find_orders", Arguments(("region", " Örebro län"), ("limit", 3)), cancellationToken: ct);
        var invalid = await OutcomeOfAsync(client.CallToolAsync("get_weather", Arguments(("town", "Växjö")), cancellationToken: ct));
        var unknown = await OutcomeOfAsync(client.CallToolAsync("no_such_tool", Arguments(), cancellationToken: ct));

        // However long the gateway takes to begin to tell of progress, the tool takes longer.
        var held = Arguments(("run", run + " held"));
        var released = Task.CompletedTask;
        var progress = new FirstProgress(() => released = client.CallToolAsync("release", held, cancellationToken: ct).AsTask());
        await client.CallToolAsync("hold", held, progress, cancellationToken: ct);
        await released;

        return new(
            client.NegotiatedProtocolVersion!,
            client.ServerInfo!.Name,
            [.. tools.Select(tool => tool.Name)],
            TextOf(weather),
            weather.StructuredContent,
            TextOf(orders),
            invalid,
            unknown,
            progress.Values);
    }

    private static async Task CancelAsync(McpClient client, string run, CancellationToken ct)
    {
        // Progress tells that the call is under way.
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var call = client.CallToolAsync("hang", Arguments(("run", run)), new FirstProgress(abort.Cancel), cancellationToken: abort.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.AsTask());
    }

    // In older revisions a client that leaves has not cancelled, and leaving is all that this one does: the notification is sent by hand.
    private async Task CancelByNotificationAsync(McpClient client, string run, CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var progress = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (_, _) =>
        {
            started.TrySetResult();
            return default;
        });
        var request = new JsonRpcRequest
        {
            Id = new RequestId("hanging"),
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject
            {
                ["name"] = "hang",
                ["arguments"] = new JsonObject { ["run"] = run },
                ["_meta"] = new JsonObject { ["progressToken"] = "hanging" },
            },
        };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var call = client.SendRequestAsync(request, leave.Token);
        await started.Task.WaitAsync(ct);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.False(gateway.Upstream.IsAborted(run));
        var cancelled = new CancelledNotificationParams { RequestId = request.Id };
        await client.SendNotificationAsync(NotificationMethods.CancelledNotification, cancelled, cancellationToken: ct);
    }

    private static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] values) =>
        values.ToDictionary(value => value.Name, value => value.Value);

    private static async Task<CallOutcome> OutcomeOfAsync(ValueTask<CallToolResult> call)
    {
        try
        {
            var result = await call;
            return new(Thrown: false, result.IsError ?? false, Text: TextOf(result));
        }
        catch (McpProtocolException e)
        {
            return new(Thrown: true, Code: (int)e.ErrorCode, Text: e.Message);
        }
    }

    private static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}
