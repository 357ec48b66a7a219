using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>/manage/v1/usage</c>: how the limits of a tenant stand, straight from the books, and their reset; with <c>by</c>, who used what. A
/// tenant's administrators may reset a consumer; only the platform's may reset the tenant.
/// </summary>
internal sealed class UsageDoor(ManageAccess access, QuotaLedger ledger, UsageBook usage, TimeProvider time, ILogger<UsageDoor> log)
{
    // A clock that is further ahead than this was moved there by a broken instance.
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    public async Task GetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        if (UsageQuery.IsAskedFor(http.Request))
        {
            await BreakDownAsync(http, revision);
            return;
        }

        if (await ScopesAsync(http, revision) is not { } scopes)
        {
            return;
        }

        var partition = QuotaScopes.Of(revision).Partition;
        var books = await ledger.LoadAllAsync(partition, http.RequestAborted);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var standings = scopes.Select(s => StandingOf(s.Key, s.Limits, (books.GetValueOrDefault(s.Key) ?? QuotaEntity.New).Advance(now)));
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, new UsageReport(revision.Tenant.ToString(), [.. standings]), ManageJson.Default.UsageReport);
    }

    public async Task ResetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        string? consumer = http.Request.Query["consumer"];
        if (consumer is null && caller.Role is not Role.PlatformAdmin)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.RoleRequired, "Only an administrator of the platform resets a whole tenant. Name one consumer: add &consumer=<name>."));
            return;
        }

        if (await ScopesAsync(http, revision) is not { } scopes)
        {
            return;
        }

        var reset = new List<string>();
        foreach (var scope in scopes)
        {
            if (await ledger.ResetAsync(QuotaScopes.Of(revision).Partition, scope.Key, MostSkew, http.RequestAborted))
            {
                reset.Add(scope.Key);
            }
        }

        ManageAccess.Note(http, new Change("reset", "Usage", consumer ?? "all", revision.Tenant.ToString()));
        ManageLog.UsageReset(log, caller.Name, caller.CredentialId, revision.Tenant, consumer ?? "*", reset.Count);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, new UsageResetReport(revision.Tenant.ToString(), reset), ManageJson.Default.UsageResetReport);
    }

    private async Task BreakDownAsync(HttpContext http, Revision revision)
    {
        if (UsageQuery.Read(http.Request, time.GetUtcNow(), out var refusal) is not { } query)
        {
            await RefusalReply.WriteAsync(http, refusal!);
            return;
        }

        string? consumer = http.Request.Query["consumer"];
        var sums = await usage.SumAsync(
            QuotaScopes.Of(revision).Partition, query.From, query.To,
            (day, key) => consumer is null || key.Consumer == consumer ? query.GroupOf(day, key) : null, http.RequestAborted);

        // Who is gone may have used something; who was never there has not.
        if (consumer is not null && sums.Count == 0 && revision.Find(ConsumerKind.Schema.Kind, consumer) is null)
        {
            await RefusalReply.WriteAsync(http, NoConsumer(consumer));
            return;
        }

        var report = UsageBreakdown.Of(revision.Tenant.ToString(), consumer, query, sums);
        await (query.IsCsv ? UsageCsv.WriteAsync(http, report) : HttpReply.WriteAsync(http, StatusCodes.Status200OK, report, ManageJson.Default.UsageBreakdown));
    }

    /// <summary>All scopes of the tenant, or those of the consumer that the URL names; null after the refusal has been written.</summary>
    private static async ValueTask<IReadOnlyList<(string Key, Limits Limits)>?> ScopesAsync(HttpContext http, Revision revision)
    {
        var quotas = QuotaScopes.Of(revision);
        string? consumer = http.Request.Query["consumer"];
        if (consumer is null)
        {
            return quotas.All(ToolCatalog.Of(revision).InOrder.Concat(ModelCatalog.Of(revision).Targets));
        }

        if (revision.Find(ConsumerKind.Schema.Kind, consumer) is not null)
        {
            return [.. quotas.OfConsumer(consumer)];
        }

        await RefusalReply.WriteAsync(http, NoConsumer(consumer));
        return null;
    }

    private static Refusal NoConsumer(string name) => new(RefusalKind.NotFound, $"There is no Consumer '{ManageAccess.Shown(name)}'.");

    private static ScopeUsage StandingOf(string key, Limits limits, QuotaEntity books)
    {
        var (kind, name) = ScopeKey.Split(key);
        return new(kind, name, [.. limits.Windows.Select(l => UsageOf(l, books))], limits.Slots.Calls is int.MaxValue
            ? null
            : new(limits.Slots.Calls, books.Leases.Sum(l => l.Slots.Calls)));
    }

    private static LimitUsage UsageOf(Limit limit, QuotaEntity books)
    {
        var used = books.Used(limit.Dimension, limit.Window);
        var held = books.Leases.SelectMany(l => l.Blocks).Sum(b => b.Held[limit.Dimension]);
        var meter = books.Meters.FirstOrDefault(m => m.Dimension == limit.Dimension && m.Window == limit.Window);
        return new(
            QuotaWords.NameOf(limit.Dimension),
            QuotaWords.NameOf(limit.Window),
            limit.Amount,
            used,
            Math.Min(held, used),
            Math.Max(0, limit.Amount - used),
            used is 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(meter!.FallsTo(0, books.Time)));
    }
}
