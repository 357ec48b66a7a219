using System.Net;
using System.Text;
using System.Text.Json;

namespace Stoa.Conformance.Tests;

/// <summary>Two clients of one key number their requests alike, as SDKs do; without sessions nothing tells them apart.</summary>
public sealed class SharedIdTests(ConformanceGateway gateway)
{
    [Fact]
    public async Task A_cancellation_that_could_mean_two_calls_cancels_neither()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", await gateway.IssueClientKeyAsync());

        // No stream, which an answer becomes after ten seconds.
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        http.DefaultRequestHeaders.Add("MCP-Protocol-Version", "2025-11-25");
        string[] runs = ["first", "second"];
        var calls = new List<Task<HttpResponseMessage>>();
        foreach (var run in runs)
        {
            calls.Add(PostAsync(http, new { jsonrpc = "2.0", id = 7, method = "tools/call", @params = new { name = "hold", arguments = new { run } } }));
            await gateway.Upstream.HeldAsync(run);
        }

        using var taken = await PostAsync(http, new { jsonrpc = "2.0", method = "notifications/cancelled", @params = new { requestId = 7 } });
        Array.ForEach(runs, gateway.Upstream.Release);

        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        foreach (var call in calls)
        {
            using var response = await call;
            var reply = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.False(reply.GetProperty("result").GetProperty("isError").GetBoolean());
        }
    }

    private Task<HttpResponseMessage> PostAsync(HttpClient http, object message) => http.PostAsync(
        gateway.Url,
        new StringContent(JsonSerializer.Serialize(message), Encoding.UTF8, "application/json"),
        TestContext.Current.CancellationToken);
}
