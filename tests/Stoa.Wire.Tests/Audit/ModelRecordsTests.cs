using System.Net;
using Stoa.Testing;
using Stoa.Testing.Llm;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Calls of models are on record as calls of tools are.</summary>
public sealed class ModelRecordsTests : IAsyncLifetime
{
    private const string Canary = "canary-in-a-prompt";
    private readonly ScriptedAppendStore _store = new(TestGateway.InMemory().AuditAppend);
    private LlmWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LlmWorld.StartAsync(
        ports: TestGateway.InMemory() with { AuditAppend = _store }, settings: new Dictionary<string, string?> { ["Stoa:AuditPatienceSeconds"] = "30" });

    public ValueTask DisposeAsync()
    {
        _store.Release();
        return _world.DisposeAsync();
    }

    [Fact]
    public async Task A_call_of_a_model_has_an_intent_and_an_outcome_with_what_it_cost()
    {
        using var reply = await _world.PostAsync("/v1/chat/completions", Chat(isStream: false), Ct);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);

        var trail = await TrailAsync(reply, 2);
        var chain = trail.ChainOf(Trace(reply));
        Assert.Equal(("buffered", LlmWorld.ModelOf(LlmShape.OpenAI)), (chain[0].Text("mode"), chain[0].Text("target")));
        Assert.Equal("ok", chain[1].Text("outcome"));
        Assert.True(chain[1].GetProperty("tokens").GetProperty("output").GetInt64() > 0);
        Assert.True(chain[1].GetProperty("microUsd").GetInt64() > 0);
        Assert.DoesNotContain(Canary, trail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_one_record()
    {
        using var reply = await _world.PostAsync("/v1/chat/completions", """{"model":"nobody","messages":[{"role":"user","content":"Hello?"}]}""", Ct);

        var record = Assert.Single((await TrailAsync(reply, 1)).ChainOf(Trace(reply)));
        Assert.Equal(("model_not_found", "deny"), (record.Text("outcome"), record.Decision("target")));
    }

    [Fact]
    public async Task What_is_no_request_to_a_model_is_on_record_with_who_sent_it()
    {
        _world.Client.DefaultRequestHeaders.UserAgent.ParseAdd("some-sdk/1.2");
        foreach (var (path, body) in new[] { ("/v1/chat/completions", "{ " + Canary), ("/v1/messages", "[]"), ("/v1/embeddings", """{"input":"x"}"""), ("/openai/deployments/x/embeddings", "{}") })
        {
            using var reply = await _world.PostAsync(path, body, Ct);
            Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);

            var trail = await TrailAsync(reply, 1);
            var record = Assert.Single(trail.ChainOf(Trace(reply)));
            Assert.StartsWith("malformed_", record.Text("outcome"), StringComparison.Ordinal);
            Assert.Equal(("deny", "app", "some-sdk/1.2"), (record.Decision("entry"), record.Text("consumer"), record.Text("agent")));
            Assert.DoesNotContain(Canary, trail.Text, StringComparison.Ordinal);
        }

        using var unknown = await _world.Client.GetAsync("/v1/models/nobody", Ct);
        Assert.Equal("model_not_found", Assert.Single((await TrailAsync(unknown, 1)).ChainOf(Trace(unknown))).Text("outcome"));
    }

    private static string Chat(bool isStream) =>
        $$"""{"model":"{{LlmWorld.ModelOf(LlmShape.OpenAI)}}","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"{{Canary}}"}]}""";

    private static string Trace(HttpResponseMessage reply) => reply.Headers.GetValues("x-stoa-trace-id").Single();

    // The outcome of a buffered call may follow its answer.
    private async Task<AuditTrail> TrailAsync(HttpResponseMessage reply, int count)
    {
        var trail = await AuditTrail.ReadAsync(_store, Ct);
        await Eventually.TrueAsync(
            async () => (trail = await AuditTrail.ReadAsync(_store, Ct)).OfTrace(Trace(reply)).Count >= count, TimeSpan.FromSeconds(60), $"{count} records");
        return trail;
    }
}
