using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// Reserves before the work and settles after it, in all scopes of a call at once or in none: its tenant's, its consumer's, its tool's.
/// Storage that cannot answer is a refusal, never a pass.
/// </summary>
/// <remarks>
/// A call counts as one request and its text as a quarter of its bytes in tokens. How long the answer will be nobody knows before, so
/// the arguments alone are reserved; the answer is charged when it is there, if need be as a debt that keeps later calls out.
/// </remarks>
internal sealed class QuotaGate(LeaseHolder leases, LeaseUpkeep upkeep, TimeProvider time)
{
    public ValueTask<Refusal?> ReserveAsync(Call call, CancellationToken ct) =>
        call.Target is { } target && QuotaScopes.Of(call.Caller.Revision!).SubjectOf(call.Caller.Name, target) is { } subject
            ? ReserveAsync(call, subject, ct)
            : default;

    /// <summary>
    /// For a stream that reaches <see cref="Call.OutputBound"/>: true when more was reserved and the bound has grown, false when the stream
    /// has to end.
    /// </summary>
    public ValueTask<bool> TopUpAsync(Call call, long usedOutputTokens, CancellationToken ct) => new(false);

    /// <summary>What was refused after it had reserved did no work and gets everything back.</summary>
    public ValueTask SettleAsync(Call call)
    {
        if (call.Reserved is Held held)
        {
            call.Reserved = null;
            leases.Settle(held.Reservation, call.Refusal is null ? new(1, held.Tokens + TextTokens.OfAnswer(call)) : default);
        }

        return default;
    }

    private async ValueTask<Refusal?> ReserveAsync(Call call, QuotaSubject subject, CancellationToken ct)
    {
        upkeep.Wake();
        var tokens = TextTokens.OfArguments(call);
        var verdict = await leases.ReserveAsync(subject, new(new(1, tokens), new(1)), ct);
        call.Allowances = QuotaWords.Allowances(leases.Standings(subject), verdict.Refusal?.Shortage, time.GetUtcNow());
        if (verdict.Refusal is { } refusal)
        {
            return QuotaWords.Refuse(refusal, time.GetUtcNow()) with { Allowances = call.Allowances };
        }

        call.Reserved = new Held(verdict.Reservation, tokens);
        return null;
    }

    private sealed record Held(Reservation Reservation, long Tokens);
}
