using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// How many calls this instance carries at once, in all and per tenant. It guards the instance, not an allowance: what a tenant may
/// spend is counted elsewhere, in storage. Losing it loses nothing.
/// </summary>
internal sealed class RequestGate(RequestGateSettings settings)
{
    private readonly ConcurrentDictionary<TenantId, Slots> _tenants = new();
    private readonly Slots _instance = new();

    public ValueTask<Refusal?> EnterAsync(Call call, CancellationToken ct)
    {
        if (!_instance.TryTake(settings.CallsPerInstance))
        {
            return new(new Refusal(RefusalKind.InstanceBusy, "This instance is at its limit of concurrent calls. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(1) });
        }

        if (!_tenants.GetOrAdd(call.Caller.Tenant, static _ => new Slots()).TryTake(settings.CallsPerTenant))
        {
            _instance.Free();
            return new(new Refusal(RefusalKind.TenantBusy, $"The tenant has {settings.CallsPerTenant} calls under way here, its limit. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(1) });
        }

        call.HoldsSlot = true;
        return default;
    }

    /// <summary>Gives the slot back, if the call holds one.</summary>
    public void Leave(Call call)
    {
        if (call.HoldsSlot)
        {
            call.HoldsSlot = false;
            _tenants[call.Caller.Tenant].Free();
            _instance.Free();
        }
    }

    private sealed class Slots
    {
        private int _taken;

        public bool TryTake(int limit)
        {
            if (Interlocked.Increment(ref _taken) <= limit)
            {
                return true;
            }

            Interlocked.Decrement(ref _taken);
            return false;
        }

        public void Free() => Interlocked.Decrement(ref _taken);
    }
}

/// <summary>Concurrent calls that one instance takes on: <c>Stoa__CallsPerInstance</c> and <c>Stoa__CallsPerTenant</c>.</summary>
internal sealed record RequestGateSettings(int CallsPerInstance = 512, int CallsPerTenant = 256);
