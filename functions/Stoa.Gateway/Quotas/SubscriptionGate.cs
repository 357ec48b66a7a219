using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Quotas;

/// <summary>Stage of a call: is the caller's subscription in force? Judged at every call, since time alone may end it.</summary>
internal sealed class SubscriptionGate(TimeProvider time)
{
    public ValueTask<Refusal?> CheckAsync(Call call, CancellationToken ct) => new(PlanView.Of(call.Caller.Revision!).Check(call.Caller.Name, time.GetUtcNow()));
}
