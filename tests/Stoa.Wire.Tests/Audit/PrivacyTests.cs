using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Stoa.Functions;
using Stoa.Gateway;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Storage;
using Stoa.Testing;
using Stoa.Testing.Streams;
using Stoa.Wire.Tests.Instances;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Contents stand in the ledger as keyed hashes and no other way, and a key that is destroyed forgets them.</summary>
public sealed class PrivacyTests : IAsyncLifetime
{
    private const string Canary = "canary-7f3a9c51d2";
    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private World _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(ports: _ports);
        await _world.ApplyAsync(Given.Secret("crm", "key", Canary + "-secret"));
        await _world.ToolAsync("writes", "method: POST\nauth: { type: bearer, bearer: { secretRef: { name: crm, key: key } } }");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task No_canary_is_in_any_record()
    {
        await SendCanariesAsync(_world);

        var text = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Text;

        Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
        Assert.DoesNotContain(_world.Key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestGateway.AdminKey, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReceiverFault.None)]
    [InlineData(ReceiverFault.Partial)]
    [InlineData(ReceiverFault.Unauthorized)]
    public async Task No_canary_is_in_any_event_of_any_stream_nor_in_a_file_nor_in_a_log(ReceiverFault fault)
    {
        using var data = new DataPath();
        using var embedded = new EmbeddedPorts(data.Path);
        using var log = new ErrorLog(LogLevel.Trace);
        await using var collector = await StreamReceiver.CollectorAsync();
        await using var webhook = await StreamReceiver.WebhookAsync();
        (collector.Fault, webhook.Fault) = (_ => fault, _ => fault);
        var hub = new ConcurrentQueue<string>();
        var ports = embedded.Ports with { SendRecords = (_, records, _) => Take(hub, records) };
        await using (var world = await World.StartAsync(StreamSettings(collector, webhook), ports, log))
        {
            world.Gateway.ExpectsErrors = true;
            await world.ApplyAsync(Given.Secret("crm", "key", Canary + "-secret"));
            await world.ToolAsync("writes", "method: POST\nauth: { type: bearer, bearer: { secretRef: { name: crm, key: key } } }");
            await SendCanariesAsync(world);
            (await world.Gateway.Admin.GetAsync("/manage/v1/audit/status", Ct)).Dispose();
            await world.Gateway.StopAsync();

            // What was sent, whether it was kept or not.
            Assert.NotEmpty(hub);
            Assert.NotEmpty(collector.Requests);
            Assert.NotEmpty(webhook.Requests);
            Assert.Contains(log.Lines, l => l.Contains("writes", StringComparison.Ordinal));
            var events = string.Join('\n', hub.Concat(collector.Requests.Concat(webhook.Requests).Select(r => r.BodyText)));
            var written = string.Join('\n', log.Lines) + data.Everything;
            foreach (var secret in new[] { Canary, world.Key, world.OtherKey, TestGateway.AdminKey, StreamReceiver.Credential, StreamReceiver.Secret, "in-the-url-9b1d", "told-by-the-receiver" })
            {
                Assert.DoesNotContain(secret, events, StringComparison.Ordinal);
                Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
            }
        }

        Assert.Empty(collector.Wrong);
        Assert.Empty(webhook.Wrong);
    }

    [Fact]
    public async Task One_caller_s_same_arguments_have_one_hash_whatever_their_spelling_and_another_caller_s_do_not()
    {
        var first = await HashAsync("""{"a":1,"b":[true]}""");

        Assert.Equal(first, await HashAsync("""{ "b" : [ true ], "a" : 1.0 }"""));
        Assert.NotEqual(first, await HashAsync("""{"a":2,"b":[true]}"""));

        await _world.ApplyAsync(Given.Consumer("second", "scopes: [stoa:write]"));
        Assert.NotEqual(first, await HashAsync("""{"a":1,"b":[true]}""", await _world.IssueKeyAsync("second")));
    }

    [Fact]
    public async Task Erasure_destroys_the_key_and_every_record_stays_valid()
    {
        var before = await HashAsync("""{"a":1}""");

        Assert.Equal(204, (await _world.Gateway.Admin.RemoveAsync("/manage/v1/audit/subjects/agent?namespace=acme")).Status);
        Assert.Equal(404, (await _world.Gateway.Admin.RemoveAsync("/manage/v1/audit/subjects/agent?namespace=acme")).Status);
        Assert.Equal(404, (await _world.Gateway.Admin.RemoveAsync("/manage/v1/audit/subjects/agent?namespace=nobody")).Status);

        Assert.NotEqual(before, await HashAsync("""{"a":1}"""));
        await AuditTrail.ReadAsync(_ports.AuditAppend, Ct);
    }

    [Fact]
    public async Task A_tenant_erases_its_own_subjects_only()
    {
        await _world.ApplyAsync(Given.Consumer("boss", "scopes: [stoa:admin]\nrole: tenant-admin", "other"));
        using var boss = _world.Client(await _world.IssueKeyAsync("boss", tenant: "other"));
        var before = await HashAsync("""{"a":1}""");

        Assert.Equal(404, (await boss.RemoveAsync("/manage/v1/audit/subjects/agent?namespace=acme")).Status);
        Assert.Equal(404, (await boss.RemoveAsync("/manage/v1/audit/subjects/agent")).Status);

        Assert.Equal(before, await HashAsync("""{"a":1}"""));
    }

    [Fact]
    public async Task A_subject_key_that_cannot_be_had_closes_the_door()
    {
        _world.Gateway.ExpectsErrors = true;
        await HashAsync("""{"a":1}""");
        var row = (await _ports.Rows.ListAsync(SubjectKeys.Table, new RowRange(), 10, null, Ct)).Rows.Single();
        await _world.Gateway.Admin.RemoveAsync("/manage/v1/audit/subjects/agent?namespace=acme");
        await _ports.Rows.WriteAsync(SubjectKeys.Table, RowChange.Insert(row.Partition, row.Key, "damaged"u8.ToArray()), Ct);
        var seen = _world.Upstream.Requests.Count;

        Assert.Equal(503, (await _world.InvokeAsync("writes")).Status);
        Assert.Equal(seen, _world.Upstream.Requests.Count);
    }

    private static ValueTask<SendResult> Take(ConcurrentQueue<string> hub, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        records.ToList().ForEach(r => hub.Enqueue(Encoding.UTF8.GetString(r.Span)));
        return new(new SendResult(records.Count, null));
    }

    private static Dictionary<string, string?> StreamSettings(StreamReceiver collector, StreamReceiver webhook) => new()
    {
        ["Stoa:AuditOtlpEndpoint"] = collector.Url.AbsoluteUri,
        ["Stoa:AuditOtlpHeaders"] = $"x-credential={StreamReceiver.Credential}",
        ["Stoa:AuditWebhook"] = webhook.Url.AbsoluteUri,
        ["Stoa:AuditWebhookSecret"] = StreamReceiver.Secret,
        ["Logging:LogLevel:Stoa"] = "Trace",
    };

    // Wherever a caller can put something of its own.
    private static async Task SendCanariesAsync(World world)
    {
        world.UpstreamAnswers(exchange => exchange.AnswerJsonAsync($$"""{"token":"{{Canary}}-result"}"""));
        await world.Modern().CallAsync("writes", $$"""{"ssn":"{{Canary}}-argument"}""");
        await world.InvokeAsync("writes", $$$"""{"ssn":"{{{Canary}}}-argument","deep":{"x":["{{{Canary}}}-deep"]}}""");
        await world.InvokeAsync($"{Canary} not a name!", "{}");
        await world.RestAsync(HttpMethod.Post, $"/mcp/v1/tools/writes/invoke?{Canary}-query=1", $$$"""{"arguments":{"a":"{{{Canary}}}"}}""");
        await world.RestAsync(HttpMethod.Post, "/mcp/v1/tools/writes/invoke", $"{{ {Canary}");
        await world.Gateway.Admin.ApplyAsync(Yaml.Secret("other", $"{{ key: {Canary}-applied }}"));
        await world.Gateway.Admin.ApplyAsync($"kind: {Canary} what\nmetadata: {{ name: '{Canary} name' }}");
    }

    private async Task<string> HashAsync(string arguments, string? key = "")
    {
        var reply = await _world.InvokeAsync("writes", arguments, key);
        Assert.Equal(200, reply.Status);
        return (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).ChainOf(reply.Header("x-stoa-trace-id"))[0].GetProperty("args").Text("hmac")!;
    }
}
