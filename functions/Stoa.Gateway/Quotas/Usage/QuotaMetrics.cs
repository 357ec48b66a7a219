using System.Diagnostics.Metrics;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>Measurements of warnings and of usage. Whose they are is told by the kind of scope and the tenant, never by a name that calls could multiply.</summary>
internal sealed class QuotaMetrics
{
    /// <summary>The meter of all measurements of calls.</summary>
    private const string MeterName = "Stoa.Gateway";

    private readonly Meter _meter;
    private readonly Counter<long> _warnings;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _lost;

    public QuotaMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        _warnings = meter.CreateCounter<long>("stoa.quota.warnings", "{warning}", "Limits whose warning threshold was reached.");
        _webhooks = meter.CreateCounter<long>("stoa.quota.webhooks", "{attempt}", "Attempts to deliver a warning to a webhook.");
        _lost = meter.CreateCounter<long>("stoa.usage.lost", "{call}", "Calls that the usage breakdown lacks, because their rows could not be written in time.");
    }

    /// <summary>Asked whenever measurements are collected.</summary>
    public void Watch(Func<int> leases) => _meter.CreateObservableGauge("stoa.quota.leases", leases, "{lease}", "Scopes of quotas of which this instance holds a part.");

    public void Warned(QuotaWarning warning)
    {
        if (_warnings.Enabled)
        {
            _warnings.Add(1, new("stoa.quota.limit", warning.Limit), new("stoa.quota.scope", warning.Scope), new("stoa.tenant", warning.Tenant.ToString()));
        }
    }

    /// <param name="outcome">ok or error.</param>
    public void Delivered(string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("stoa.outcome", outcome));

    public void Lost(long calls) => _lost.Add(calls);
}
