using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tests.Resources;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Quotas;

/// <summary>A gate over one store in memory, and calls of models made by hand, of the tenant <c>acme</c> as documents describe it.</summary>
internal sealed class GateBench : IDisposable
{
    private readonly List<LeaseUpkeep> _upkeeps = [];
    private readonly Revision _revision;
    private ulong _owners;

    public GateBench(params string[] documents)
    {
        Store = new(new MemoryRowStore(), new MemoryBlobStore(Time));
        Ledger = new(Store, Time, LeaseTerms.Default);
        string[] all = [Doc("Tenant", "acme", "displayName: Acme"), Doc("Consumer", "bot", "scopes: [stoa:write]"), .. documents];
        _revision = new(
            Reading.Acme, 1, "u1", [.. all.Select(Reading.Accepted).GroupBy(d => (d.Kind, d.Name)).Select(g => g.Last())
                .Select(d => new Resource(d.Kind, d.Name, d.Name, "1", Time.GetUtcNow(), Time.GetUtcNow(), d.Spec))]);
        Gate = Join();
    }

    public FakeTime Time { get; } = new();

    public FailingStore Store { get; }

    public QuotaLedger Ledger { get; }

    public QuotaGate Gate { get; }

    public string Partition => QuotaScopes.Of(_revision).Partition;

    /// <summary>A policy, and the consumer <c>bot</c> that it limits.</summary>
    public static GateBench Limited(string policy) => new(Doc("QuotaPolicy", "p", policy), Doc("Consumer", "bot", "quotaPolicyRef: { name: p }"));

    public static string Doc(string kind, string name, string spec) => $$"""
        apiVersion: gostoa.dev/v1alpha1
        kind: {{kind}}
        metadata: { name: {{name}} }
        spec: { {{spec}} }
        """;

    /// <summary>Another instance on the same books.</summary>
    public QuotaGate Join()
    {
        var leases = new LeaseHolder(new QuotaLedger(Store, Time, LeaseTerms.Default), ++_owners, LeaseTerms.Default, Time);
        _upkeeps.Add(new(leases, Time));
        return new(leases, _upkeeps[^1], Time, NullLogger<QuotaGate>.Instance);
    }

    /// <summary>Takes the n-th instance that joined after the first out of the world, without a word.</summary>
    public void Crash(int instance) => _upkeeps[instance].Dispose();

    public Call Call(Gateway.Kernel.Demand? demand = null, string target = "smart", string consumer = "bot", string arguments = "{}") => new(Caller(consumer), demand is null ? Operation.CallTool : Operation.CallModel, "test")
    {
        Target = new TestTarget(target),
        Demand = demand,
        Arguments = demand is null ? JsonElement.Parse(arguments) : default,
    };

    public static Gateway.Kernel.Demand Demand(long input, long output, long least = 1, decimal? usdPerMillion = 1, bool isStream = false) => new()
    {
        InputTokens = input,
        OutputTokens = output,
        LeastOutputTokens = least,
        Rates = usdPerMillion is { } price ? new TokenRates(price, 2 * price) : null,
        IsStream = isStream,
    };

    public async Task<Refusal?> ReserveAsync(Call call, QuotaGate? gate = null) => await (gate ?? Gate).ReserveAsync(call, TestContext.Current.CancellationToken);

    /// <summary>Moves the clock until that is done: writers that collide wait before they try again, by the test's clock.</summary>
    public async Task<T> WithPausesAsync<T>(Task<T> deciding)
    {
        await Eventually.TrueAsync(() => Task.FromResult(IsDecidedAfterAPause()), TimeSpan.FromSeconds(60), "all are decided");
        return await deciding;

        bool IsDecidedAfterAPause()
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            return deciding.IsCompleted;
        }
    }

    /// <summary>Reserves and settles a call that uses so much; fails when it is refused.</summary>
    public async Task UseAsync(Gateway.Kernel.Demand demand, TokenUsage usage)
    {
        var call = Call(demand);
        Assert.Null(await ReserveAsync(call));
        await SettleAsync(call, usage);
    }

    public async Task SettleAsync(Call call, TokenUsage usage, bool isError = false)
    {
        call.Spent = new(usage, call.Demand!.Rates is { } rates ? rates.MicroUsd(usage.Input, usage.Output) : null);
        call.Answer = isError ? Answer.Error("It failed.") : Answer.Local;
        await Gate.SettleAsync(call);
    }

    /// <summary>What the books say once all that is settled has been written.</summary>
    public async Task<long> UsedAsync(Dimension dimension, Window window, string scope = "consumer:bot")
    {
        foreach (var upkeep in _upkeeps)
        {
            await upkeep.DrainAsync(TestContext.Current.CancellationToken);
        }

        return (await Ledger.LoadAsync(Partition, scope, TestContext.Current.CancellationToken)).Used(dimension, window);
    }

    public void Dispose() => _upkeeps.ForEach(u => u.Dispose());

    private Caller Caller(string consumer) => new()
    {
        Revision = _revision,
        Name = consumer,
        CredentialId = "k",
        AuthMethod = "api_key",
        Scopes = Scopes.Write,
        Role = Role.None,
        Tools = NameFilter.All,
    };

    private sealed class TestTarget(string name) : Target
    {
        public override string Name => name;

        public override Scopes RequiredScope => Scopes.Read;
    }
}
