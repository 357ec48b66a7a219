using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Policy;

/// <summary>
/// Decides whether this caller may do this to this target. The policy in force is scopes alone: a target that only reads needs
/// <c>stoa:read</c>, every other needs <c>stoa:write</c>.
/// </summary>
internal sealed class PolicyGate
{
    public ValueTask<Refusal?> DecideAsync(Call call, CancellationToken ct)
    {
        if (call.Target is not { } target || call.Caller.Has(target.RequiredScope))
        {
            return default;
        }

        var needed = ScopeNames.NameOf(target.RequiredScope);
        var held = ScopeNames.NameOf(call.Caller.Scopes);
        return new(new Refusal(RefusalKind.InsufficientScope, $"'{target.Name}' needs the scope {needed}; this key holds {held}. Ask the tenant's administrator for a key with {needed}.")
        {
            RequiredScope = target.RequiredScope,
        });
    }
}
