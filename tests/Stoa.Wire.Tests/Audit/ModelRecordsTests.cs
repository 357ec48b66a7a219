using System.Net;
using Stoa.Testing;
using Stoa.Testing.Llm;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Calls of models are on record as calls of tools are, and a stream begins only when that is so.</summary>
public sealed class ModelRecordsTests : IAsyncLifetime
{
    private const string Canary = "canary-in-a-prompt";
    private readonly ScriptedAppendStore _store = new(TestGateway.InMemory().AuditAppend);
    private LlmWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LlmWorld.StartAsync(
        ports: TestGateway.InMemory() with { AuditAppend = _store }, settings: new Dictionary<string, string?> { ["Stoa:AuditPatienceSeconds"] = "5" });

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
    public async Task A_stream_begins_once_its_intent_is_durable()
    {
        (await _world.PostAsync("/v1/chat/completions", Chat(isStream: false), Ct)).Dispose();
        var before = _world[LlmShape.OpenAI].Books.Output;
        _store.Hold();

        var opening = _world.OpenAsync("/v1/chat/completions", Chat(isStream: true), Ct);
        await Eventually.TrueAsync(() => Task.FromResult(_world[LlmShape.OpenAI].Books.Output > before && _store.Waiting > 0), TimeSpan.FromSeconds(10), "the model works while the intent waits");
        Assert.False(opening.IsCompleted);
        _store.Release();

        using var reply = await opening;
        Assert.Contains("[DONE]", await reply.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(2, (await TrailAsync(reply, 2)).ChainOf(Trace(reply)).Count);
    }

    [Fact]
    public async Task A_stream_whose_intent_is_not_durable_in_time_is_a_refusal()
    {
        (await _world.PostAsync("/v1/chat/completions", Chat(isStream: false), Ct)).Dispose();
        _store.Hold();

        using var reply = await _world.OpenAsync("/v1/chat/completions", Chat(isStream: true), Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.NotNull(reply.Headers.RetryAfter);
        Assert.DoesNotContain("data:", await reply.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static string Chat(bool isStream) =>
        $$"""{"model":"{{LlmWorld.ModelOf(LlmShape.OpenAI)}}","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"{{Canary}}"}]}""";

    private static string Trace(HttpResponseMessage reply) => reply.Headers.GetValues("x-stoa-trace-id").Single();

    // The outcome of a buffered call may follow its answer.
    private async Task<AuditTrail> TrailAsync(HttpResponseMessage reply, int count)
    {
        var trail = await AuditTrail.ReadAsync(_store, Ct);
        await Eventually.TrueAsync(
            async () => (trail = await AuditTrail.ReadAsync(_store, Ct)).OfTrace(Trace(reply)).Count >= count, TimeSpan.FromSeconds(10), $"{count} records");
        return trail;
    }
}
