using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Usage;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>/manage/v1/llm</c>: how language models fare. Health and breakers are what the instance that answers has seen; costs are the books of
/// all instances. A probe asks a provider, and only when told to.
/// </summary>
internal sealed class LlmDoor(ManageAccess access, LlmWatch watch, ProviderProbe probe, UsageBook usage, TimeProvider time, ILogger<LlmDoor> log)
{
    public Task StatusAsync(HttpContext http) => ReportAsync(http, watch.Status, LlmJson.Default.LlmStatusReport);

    public Task ProvidersAsync(HttpContext http) => ReportAsync(http, watch.Providers, LlmJson.Default.LlmProvidersReport);

    public Task BreakersAsync(HttpContext http) => ReportAsync(http, watch.Breakers, LlmJson.Default.LlmBreakersReport);

    public async Task CostsAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        if (http.Request.Query.ContainsKey("by") || http.Request.Query.ContainsKey("format"))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, "Costs are summed by model and provider, as JSON. GET /manage/v1/usage sums by more, also as CSV."));
            return;
        }

        if (UsageQuery.Read(http.Request, time.GetUtcNow(), out var refusal, defaultBy: "model") is not { } query)
        {
            await RefusalReply.WriteAsync(http, refusal!);
            return;
        }

        var sums = await usage.SumAsync(
            QuotaScopes.Of(revision).Partition, query.From, query.To,
            static (_, key) => key.Kind is UsageKind.Model ? new ModelAt(key.Name, key.Provider) : null, http.RequestAborted);
        var rows = sums.OrderByDescending(s => s.Value.MicroUsd).ThenByDescending(s => s.Value.Calls).ThenBy(s => s.Key.Model, StringComparer.Ordinal);
        var report = new LlmCostsReport(
            revision.Tenant.ToString(), UsageQuery.Text(query.From), UsageQuery.Text(query.To),
            [.. rows.Select(r => LineOf(r.Key, r.Value))],
            LineOf(null, sums.Values.Aggregate(default(UsageSums), static (all, one) => all + one)));
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, report, LlmJson.Default.LlmCostsReport);
    }

    /// <summary>Changes nothing, but makes the gateway send its credential: for those who may change things.</summary>
    public async Task ProbeAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller || await access.CurrentAsync(http, caller) is not { } revision)
        {
            return;
        }

        var name = (string)http.Request.RouteValues["name"]!;
        if (!ModelCatalog.Of(revision).Providers.TryGetValue(name, out var provider))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no LlmProvider '{ManageAccess.Shown(name)}'."));
            return;
        }

        var result = await probe.RunAsync(provider, http.RequestAborted);
        ManageLog.Probed(log, caller.Name, caller.CredentialId, provider.Name, revision.Tenant, result.IsHealthy);
        var report = new LlmProbeReport(name, result.IsHealthy, result.Status, Math.Round(result.Took.TotalMilliseconds, 1), result.Error);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, report, LlmJson.Default.LlmProbeReport);
    }

    private async Task ReportAsync<T>(HttpContext http, Func<Revision, T> reportOn, JsonTypeInfo<T> type)
    {
        if (await access.EnterAsync(http, toChange: false) is { } caller && await access.CurrentAsync(http, caller) is { } revision)
        {
            await HttpReply.WriteAsync(http, StatusCodes.Status200OK, reportOn(revision), type);
        }
    }

    private static LlmCostLine LineOf(ModelAt? of, in UsageSums sums) => new(
        of?.Model, of?.Provider is { Length: > 0 } provider ? provider : null,
        sums.Calls, sums.Errors, sums.Input, sums.Cached, sums.Output, sums.MicroUsd * 0.000001m, sums.Unpriced);

    private sealed record ModelAt(string Model, string Provider);
}
