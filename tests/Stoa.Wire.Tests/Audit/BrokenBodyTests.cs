using System.Net.Sockets;
using System.Text;
using Stoa.Gateway;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>A known caller whose request has a head and no readable body is told so in the door's own shape, and it is on record.</summary>
public sealed class BrokenBodyTests : IAsyncLifetime
{
    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private TestGateway _gateway = null!;
    private string _key = null!;

    public static TheoryData<string, string> Doors => new()
    {
        { "/mcp", "\"code\":" },
        { "/mcp/v1/tools/hello/invoke", "\"error\":\"malformed_request\"" },
        { "/v1/chat/completions", "\"type\":\"invalid_request_error\"" },
        { "/v1/messages", "\"type\":\"error\"" },
        { "/manage/v1/apply", "\"error\":\"malformed_request\"" },
        { "/manage/v1/consumers/acme/app/keys", "\"error\":\"malformed_request\"" },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(ports: _ports);
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(spec: "{ role: tenant-admin, scopes: [stoa:read, stoa:write, stoa:admin] }")));
        _key = await _gateway.IssueKeyAsync("acme", "app");
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task What_is_no_chunk_is_refused_in_the_shape_of_the_door_and_on_record(string path, string shape)
    {
        var answer = await AnswerAsync(path, "zz\r\n{}\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(shape, answer, StringComparison.Ordinal);
        Assert.Contains("body is malformed, was cut short", answer, StringComparison.Ordinal);
        var trace = answer.Split("\r\n").Single(line => line.StartsWith("x-stoa-trace-id: ", StringComparison.OrdinalIgnoreCase)).Split(' ')[1];
        await _gateway.StopAsync();
        var last = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).OfTrace(trace)[^1];
        Assert.Equal(("app", true), (last.Text("consumer"), last.Text("outcome") is "malformed_request" or "http_400"));
    }

    // Everything that comes back until the gateway ends the connection, on which nothing more can be understood.
    private async Task<string> AnswerAsync(string path, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _gateway.Url.Port, Ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {_key}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{body}"), Ct);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Ct);
    }
}
