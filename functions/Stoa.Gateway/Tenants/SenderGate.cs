using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>
/// Entry stage two: does the sender hold the key that its credential is bound to (RFC 8705, RFC 9449)? API keys are bearer credentials
/// and pass; a credential that claims a binding is refused, since nothing here can prove it.
/// </summary>
internal sealed class SenderGate
{
    public ValueTask<Refusal?> ProveAsync(Entry entry, CancellationToken ct) => new(
        entry.Caller!.Confirmation is null
            ? null
            : new Refusal(RefusalKind.SenderUnproven, "The credential is bound to a key, and the request does not prove possession of it."));
}
