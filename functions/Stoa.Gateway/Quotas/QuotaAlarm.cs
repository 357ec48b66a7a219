using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Quotas;

/// <summary>When the owner of limits wants to hear that they are being used up, and how.</summary>
/// <param name="Percent">Of each limit.</param>
internal sealed record QuotaAlarm(int Percent, TenantId Tenant, QuotaWebhook? Webhook)
{
    /// <summary>Percent, where a policy does not say.</summary>
    public const int UsualPercent = 80;

    public QuotaWarning WarningOf(string scopeKey, LimitMark mark)
    {
        var (scope, name) = ScopeKey.Split(scopeKey);
        return new(
            Tenant, scope, name, QuotaWords.NameOf(mark.Limit), Percent, mark.Used, mark.Limit.Amount,
            DateTimeOffset.FromUnixTimeMilliseconds(mark.At), DateTimeOffset.FromUnixTimeMilliseconds(mark.FullAt));
    }
}
