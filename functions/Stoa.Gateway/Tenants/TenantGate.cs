using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>Entry stage three: the caller's tenant is the one that the URL names, and both tenant and caller are in good standing.</summary>
internal sealed class TenantGate
{
    public ValueTask<Refusal?> AdmitAsync(Entry entry, CancellationToken ct) => new(Check(entry, entry.Caller!));

    private static Refusal? Check(Entry entry, Caller caller)
    {
        // One answer whether the tenant exists or not: a credential of one tenant learns nothing about another.
        if (entry.UrlTenant is { } named && (caller.Revision is null || caller.Tenant.ToString() != named))
        {
            return new(RefusalKind.TenantUnknown, "There is no such tenant for this key. Check the tenant in the URL, or use the URL without one.");
        }

        if (caller.IsSuspended)
        {
            return new(RefusalKind.Suspended, "This consumer is suspended. Ask the tenant's administrator.");
        }

        return caller.Revision is { } revision && TenantView.Of(revision).Tenant.Suspended
            ? new(RefusalKind.Suspended, "This tenant is suspended. Ask the platform's administrator.")
            : null;
    }
}
