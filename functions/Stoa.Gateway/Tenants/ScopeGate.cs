using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>First stage of a call: does the caller hold the scope without which this kind of operation is out of the question?</summary>
internal sealed class ScopeGate
{
    public ValueTask<Refusal?> CheckAsync(Call call, CancellationToken ct)
    {
        if (call.Caller.Revision is null)
        {
            return new(new Refusal(RefusalKind.RoleRequired, "An administrator key manages the gateway; it calls no tools and no models. Use a consumer's key."));
        }

        return new(call.Caller.Has(Scopes.Read)
            ? null
            : new Refusal(RefusalKind.InsufficientScope, $"This needs the scope {ScopeNames.Read}.") { RequiredScope = Scopes.Read });
    }
}
