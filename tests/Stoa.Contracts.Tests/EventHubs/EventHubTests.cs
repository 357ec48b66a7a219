using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Stoa.Azure.EventHubs;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Testing;
using Stoa.Testing.EventHubs;

namespace Stoa.Contracts.Tests.EventHubs;

/// <summary>Records reach the hub: all of them, in order per instance, whatever the hub does; repetitions tell themselves by (inst, seq).</summary>
public sealed class EventHubTests : IAsyncLifetime
{
    private readonly SealedLedger _ledger = new();
    private EventHubStandIn _hub = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await EventHubStandIn.StartAsync(_ledger.Time);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _ledger.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_arrive_once_and_whole_with_either_credential(bool withIdentity)
    {
        await _ledger.WriteAsync(1, 2500, Ct);
        await ForwardUntilDoneAsync(1, withIdentity);

        var lines = (await AuditTrail.ReadAsync(_ledger.Appends, Ct)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines, _hub.Events.Select(e => e.Body));
        Assert.Equal(new InstanceId(1).ToString(), Assert.Single(_hub.Events.Select(e => e.PartitionKey).Distinct()));
        Assert.Empty(_hub.Refusals);
    }

    [Theory]
    [InlineData("https://management.azure.com", 1)]
    [InlineData("https://eventhubs.azure.net", -1)]
    public async Task A_wrong_token_is_refused_and_nothing_is_lost(string audience, int hours)
    {
        await _ledger.WriteAsync(1, 3, Ct);
        var wrong = HubEndpoint.WithIdentity(_hub.Url, new FixedToken(EventHubStandIn.Token(audience, _ledger.Time.GetUtcNow().AddHours(hours))));
        var refused = await ForwarderTo(wrong).RunAsync(new InstanceId(1), _ledger.Time.GetUtcNow(), Ct);
        Assert.Equal(new(SendFaultKind.Refused, "it answered with HTTP 401"), refused.Fault);
        Assert.Empty(_hub.Events);
        Assert.Equal("401 authorization", Assert.Single(_hub.Refusals));

        await ForwardUntilDoneAsync(1);
        AssertComplete(1, 4, mayRepeat: false);
    }

    [Theory]
    [InlineData(HubFault.Throttle, false)]
    [InlineData(HubFault.TooMany, false)]
    [InlineData(HubFault.Fail, false)]
    [InlineData(HubFault.DropBefore, false)]
    [InlineData(HubFault.DropAfter, true)]
    public async Task Faults_lose_nothing_and_keep_the_order(HubFault fault, bool mayRepeat)
    {
        _hub.Fault = request => request % 3 == 0 ? HubFault.None : fault;
        foreach (var part in Enumerable.Range(0, 6))
        {
            await _ledger.WriteAsync(1, 100, Ct);
            await _ledger.WriteAsync(2, 50, Ct);
            await ForwardUntilDoneAsync(1);
            await ForwardUntilDoneAsync(2);
            _ledger.Time.Advance(TimeSpan.FromMinutes(part));
        }

        AssertComplete(1, 601, mayRepeat);
        AssertComplete(2, 301, mayRepeat);
    }

    [Fact]
    public async Task An_outage_of_hours_is_a_backlog_that_drains()
    {
        await _ledger.WriteAsync(1, 10, Ct);
        await ForwardUntilDoneAsync(1);
        _hub.Fault = static _ => HubFault.DropBefore;
        for (var minutes = 0; minutes < 3 * 60; minutes += 5)
        {
            await _ledger.WriteAsync(1, 20, Ct);
            await _ledger.WriteAsync(2, 5, Ct);
            Assert.False(await TryForwardAsync(1));
            Assert.False(await TryForwardAsync(2));
            _ledger.Time.Advance(TimeSpan.FromMinutes(5));
        }

        // Instance 2 died meanwhile: nobody but the drain sends what it left.
        _hub.Fault = static _ => HubFault.None;
        await ForwardUntilDoneAsync(1);
        Assert.DoesNotContain(_hub.Events, e => e.PartitionKey == new InstanceId(2).ToString());
        _ledger.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(36 * 5 + 1, (await Forwarder().DrainAsync(TimeSpan.FromMinutes(5), Ct)).Sent);
        Assert.Equal(0, (await Forwarder().DrainAsync(TimeSpan.FromMinutes(5), Ct)).Sent);

        AssertComplete(1, 11 + (36 * 20), mayRepeat: false);
        AssertComplete(2, 36 * 5 + 1, mayRepeat: false);
    }

    [Fact]
    public async Task A_forwarder_may_die_at_any_store_call()
    {
        for (var failAt = 1; failAt <= 12; failAt++)
        {
            await _ledger.WriteAsync(1, 4, Ct);
            _ledger.Store.Reset(failAt, appliesFirst: failAt % 2 == 0);
            await TryForwardAsync(1, HubEndpoint.Parse(_hub.ConnectionString, null, _ledger.Time));
            _ledger.Store.Reset();
        }

        await ForwardUntilDoneAsync(1);
        AssertComplete(1, 49, mayRepeat: true);
    }

    [Fact]
    public async Task The_cursor_of_two_forwarders_at_once_never_goes_back()
    {
        await _ledger.WriteAsync(1, 1500, Ct);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TryForwardAsync(1), Ct)));
        Assert.All(results, Assert.True);
        await ForwardUntilDoneAsync(1);

        AssertComplete(1, 1501, mayRepeat: true);
        Assert.Equal(1501, (await Forwarder().CursorOfAsync(new InstanceId(1), Ct)).Place!.Next);
    }

    [Fact]
    public void A_batch_is_cut_where_the_limit_is_and_never_empty()
    {
        var records = Enumerable.Range(0, 80).Select(_ => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(new string('"', 30_000))).ToArray();
        var (body, count) = EventHubSender.BatchOf(new InstanceId(1), records);

        Assert.InRange(body.Length, EventHubSender.MaxBytes - 61_000, EventHubSender.MaxBytes);
        Assert.Equal(count, JsonElement.Parse(body).GetArrayLength());
        Assert.Equal(1, EventHubSender.BatchOf(new InstanceId(1), records[..1]).Count);
    }

    [Theory]
    [InlineData("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b", null)]
    [InlineData("Endpoint=x;SharedAccessKeyName=a;SharedAccessKey=topsecret", "audit")]
    [InlineData("Endpoint=sb://x/;SharedAccessKeyName=a;EntityPath=audit", null)]
    [InlineData("topsecret", "audit")]
    public void A_wrong_connection_string_is_told_without_its_values(string connection, string? hub) =>
        Assert.DoesNotContain("topsecret", Assert.Throws<FormatException>(() => HubEndpoint.Parse(connection, hub, TimeProvider.System)).Message, StringComparison.Ordinal);

    // The receiver's view: every sequence, and the first of each in order.
    private void AssertComplete(int instance, int count, bool mayRepeat)
    {
        var sequences = _hub.Events.Where(e => e.PartitionKey == new InstanceId((UInt128)instance).ToString()).Select(e => JsonElement.Parse(e.Body).GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), mayRepeat ? sequences.Distinct() : sequences);
    }

    private async Task ForwardUntilDoneAsync(int instance, bool withIdentity = false)
    {
        var hub = withIdentity ? HubEndpoint.WithIdentity(_hub.Url, new FixedToken(EventHubStandIn.Token("https://eventhubs.azure.net", _ledger.Time.GetUtcNow().AddHours(1)))) : null;
        for (var tries = 0; !await TryForwardAsync(instance, hub); tries++)
        {
            Assert.InRange(tries, 0, 100);
        }
    }

    private async Task<bool> TryForwardAsync(int instance, HubEndpoint? hub = null)
    {
        try
        {
            var result = await (hub is null ? Forwarder() : ForwarderTo(hub)).RunAsync(new InstanceId((UInt128)instance), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Ct);
            return result.Fault is null;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    private EventForwarder Forwarder() => ForwarderTo(HubEndpoint.Parse(_hub.ConnectionString, hub: null, _ledger.Time));

    private EventForwarder ForwarderTo(HubEndpoint hub)
    {
        var options = new EventHubOptions { Transport = new HttpClientTransport(_hub.Handler()) };
        return new(_ledger.Store.Over(_ledger.Appends), _ledger.Store, new(AuditStream.EventHub, new EventHubSender(hub, options).SendAsync), _ledger.Time);
    }

    private sealed class FixedToken(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            requestContext.Scopes is ["https://eventhubs.azure.net/.default"] ? new(token, DateTimeOffset.UtcNow.AddHours(1)) : throw new InvalidOperationException("Another scope.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
