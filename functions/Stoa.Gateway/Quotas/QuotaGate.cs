using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// Reserves tokens and money before the work and settles what was used after it. No kind of this version sets an allowance, so there is
/// nothing to reserve and every call passes.
/// </summary>
internal sealed class QuotaGate
{
    public ValueTask<Refusal?> ReserveAsync(Call call, CancellationToken ct) => default;

    public ValueTask SettleAsync(Call call) => default;
}
