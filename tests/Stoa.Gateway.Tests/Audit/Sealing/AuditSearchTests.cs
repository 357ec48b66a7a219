using System.Text;
using Stoa.Gateway.Audit.Trail;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Audit.Sealing;

public sealed class AuditSearchTests : IDisposable
{
    private readonly SealedLedger _ledger = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Pages_together_have_each_record_once_and_say_which_are_sealed()
    {
        var began = _ledger.Time.GetUtcNow();
        await _ledger.WriteAsync(1, 40, Ct);
        await _ledger.WriteAsync(2, 40, Ct);
        await _ledger.SealerOf(1).RunAsync(isWide: false, Ct);
        _ledger.Time.Advance(TimeSpan.FromMinutes(25));
        await _ledger.WriteAsync(1, 9, Ct);

        var filter = AuditFilter.Of(uid: null, "tenant1", began, began + TimeSpan.FromHours(1)).With("type", "event");
        var records = new List<FoundRecord>();
        string? next = null;
        do
        {
            var page = await Search.FindAsync(filter, 7, next, Ct);
            Assert.InRange(page!.Records.Count, 0, 7);
            records.AddRange(page.Records);
            next = page.Continue;
        }
        while (next is not null);

        Assert.Equal(49, records.Select(r => Encoding.UTF8.GetString(r.Line)).Distinct().Count());
        Assert.Equal(Enumerable.Repeat(true, 40).Concat(Enumerable.Repeat(false, 9)), records.Select(r => r.IsSealed));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("5.ledger/../other")]
    [InlineData("-1.ledger/2026/01/01/00/00/00000000000000000000000000000001-0.jsonl")]
    public async Task A_continuation_that_is_none_of_ours_is_refused(string continuation) =>
        Assert.Null(await Search.FindAsync(AuditFilter.Of(null, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue - TimeSpan.FromDays(1)), 7, continuation, Ct));

    // Who may ask for a month must not make the gateway list what all years hold.
    [Theory]
    [InlineData("0.ledger/2020/01/01/00/00/00000000000000000000000000000001-0.jsonl")]
    [InlineData("0.ledger/2026/02/01/00/00/00000000000000000000000000000001-0.jsonl")]
    public async Task A_continuation_leads_no_further_than_the_time_that_was_asked_for(string continuation)
    {
        var filter = AuditFilter.Of(null, null, new(2026, 1, 1, 0, 5, 0, TimeSpan.Zero), new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero));

        Assert.Null(await Search.FindAsync(filter, 7, continuation, Ct));
        Assert.NotNull(await Search.FindAsync(filter, 7, "0.ledger/2026/01/01/00/00/00000000000000000000000000000001-0.jsonl", Ct));
    }

    [Fact]
    public void A_value_inside_another_member_is_not_the_member()
    {
        var line = Encoding.UTF8.GetBytes($$"""{"id":"{{new string('1', 32)}}-1","inner":{"tenantUid":"u1"},"inst":"{{new string('1', 32)}}","prev":"{{new string('0', 64)}}","seq":1,"target":"\"tenantUid\":\"u1\"","tenantUid":"u2","ts":"2026-01-01T00:00:00.000000Z","type":"event","v":1}""");

        Assert.False(AuditFilter.Of("u1", null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Accepts(line));
        Assert.True(AuditFilter.Of("u2", null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Accepts(line));
    }

    private AuditSearch Search => new(_ledger.Appends, _ledger.Heads, _ledger.Index);
}
