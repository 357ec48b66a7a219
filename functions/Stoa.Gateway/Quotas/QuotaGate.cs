using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// Reserves before the work and settles after it, in all scopes of a call at once or in none: its tenant's, its consumer's, its target's.
/// Storage that cannot answer is a refusal, unless every policy that concerns the call says otherwise.
/// </summary>
/// <remarks>
/// A call of a model reserves what its demand says; when there is no room for all of the output, less of it, and the model is then asked for
/// no more. A call of a tool counts as a quarter of its bytes in tokens. How long its answer will be nobody knows before, so the arguments
/// alone are reserved; the answer is charged when it is there, if need be as a debt that keeps later calls out.
/// </remarks>
internal sealed class QuotaGate(LeaseHolder leases, LeaseUpkeep upkeep, TimeProvider time, ILogger<QuotaGate> log)
{
    /// <summary>Others may take what was free while we ask for it.</summary>
    private const int MostTries = 4;

    /// <summary>Output tokens that a stream asks for beyond what was reserved, at least.</summary>
    private const long SmallestTopUp = 256;

    private readonly LocalCap _cap = new(time);

    public ValueTask<Refusal?> ReserveAsync(Call call, CancellationToken ct) =>
        call.Target is not null && QuotaScopes.Of(call.Caller.Revision!).Find(call) is { } quota ? ReserveAsync(call, quota, ct) : default;

    /// <summary>
    /// For a stream that reaches <see cref="Call.OutputBound"/>: true when more was reserved and the bound has grown, false when the stream
    /// has to end.
    /// </summary>
    public async ValueTask<bool> TopUpAsync(Call call, long usedOutputTokens, CancellationToken ct)
    {
        if (call.Reserved is not Held { Reservation: { } reservation } held || call.Demand is not { } demand)
        {
            // Nothing is limited, or nothing can be counted now.
            return call.Reserved is not Held || call.OutputBound is null;
        }

        var wanted = Math.Max(SmallestTopUp, demand.OutputTokens - usedOutputTokens);
        var more = held.Quota.Terms.TokensPerRequest is { Most: var most } ? Math.Min(wanted, most - demand.InputTokens - usedOutputTokens) : wanted;
        var used = AmountsOf(demand, usedOutputTokens);
        for (var attempt = 0; attempt < MostTries && more > 0; attempt++)
        {
            var asked = AmountsOf(demand, usedOutputTokens + more) - used;
            if (await TopUpAsync(held, reservation, used, asked, ct) is not { } verdict)
            {
                return false;
            }

            if (verdict.Refusal is not { } refusal)
            {
                held.Reserved = used + asked;
                call.OutputBound = usedOutputTokens + more;
                return true;
            }

            more = Math.Min(more - 1, Affordable(refusal.Shortage, demand, input: 0));
        }

        return false;
    }

    /// <summary>
    /// What was refused after it had reserved, or failed without use, gets everything back. A call that nothing is known of, as its caller
    /// left and nobody counted, is charged with all that it reserved.
    /// </summary>
    public ValueTask SettleAsync(Call call)
    {
        if (call.Reserved is Held held)
        {
            call.Reserved = null;
            if (held.Reservation is { } reservation)
            {
                leases.Settle(reservation, Used(call, held));
            }
        }

        return default;
    }

    private static Amounts Used(Call call, Held held) => call switch
    {
        { Demand: null } => call.Refusal is null ? held.Reserved + new Amounts(0, TextTokens.OfAnswer(call)) : default,
        { Spent: { } spent } when spent.Usage.Total is 0 && spent.MicroUsd is null or 0 && (call.Refusal is not null || call.Answer is { IsError: true }) => default,
        { Spent: { } spent } => new(1, spent.Usage.Total, spent.MicroUsd ?? held.Reserved.MicroUsd),
        _ => call.Refusal is null ? held.Reserved : default,
    };

    /// <summary>The price is known here, or money is not limited.</summary>
    private static Amounts AmountsOf(Demand demand, long output) => new(1, demand.InputTokens + output, demand.MicroUsd(output) ?? 0);

    /// <summary>So much output fits into what the limit that was met has left, beside so much input; below zero when not even that does.</summary>
    private static long Affordable(Shortage shortage, Demand demand, long input) => (shortage.Limit?.Dimension, demand.Rates) switch
    {
        (Dimension.Tokens, _) => shortage.Left - input,
        (Dimension.MicroUsd, { Output: > 0 } rates) => (long)Math.Clamp(decimal.Floor((shortage.Left - (input * rates.Input)) / rates.Output), -1, Amounts.Most),
        _ => -1,
    };

    private async ValueTask<Refusal?> ReserveAsync(Call call, CallQuota quota, CancellationToken ct)
    {
        call.MaxDuration = quota.Terms.MaxDuration;
        var output = call.Demand?.OutputTokens ?? 0;
        if (QuotaWords.Check(call, quota, ref output) is { } refusal)
        {
            return refusal;
        }

        var isBound = call.Demand is not null && (quota.Terms.TokensPerRequest is not null || quota.Subject.Counts(Dimension.Tokens) || quota.Subject.Counts(Dimension.MicroUsd));
        call.OutputBound = isBound ? output : null;
        if (quota.Subject.Scopes.Length is 0)
        {
            return null;
        }

        upkeep.Wake();
        try
        {
            return await ReserveAsync(call, quota, output, ct);
        }
        catch (StorageUnavailableException e) when (quota.Terms.LocalCap is { } cap)
        {
            return PassLocally(call, quota, cap, e);
        }
    }

    private async ValueTask<Refusal?> ReserveAsync(Call call, CallQuota quota, long output, CancellationToken ct)
    {
        var demand = call.Demand;
        for (var attempt = 0; ; attempt++)
        {
            var amounts = demand is null ? new(1, TextTokens.OfArguments(call)) : AmountsOf(demand, output);
            var verdict = await leases.ReserveAsync(quota.Subject, new(amounts, new(1, demand?.IsStream is true ? 1 : 0)), ct);
            if (verdict.Refusal is { } refusal)
            {
                if (demand is not null && attempt < MostTries
                    && Math.Min(output - 1, Affordable(refusal.Shortage, demand, demand.InputTokens)) is var less && less >= demand.LeastOutputTokens)
                {
                    output = less;
                    continue;
                }

                call.Allowances = QuotaWords.Allowances(leases.Standings(quota.Subject), refusal.Shortage, time.GetUtcNow());
                return QuotaWords.Refuse(refusal, time.GetUtcNow()) with { Allowances = call.Allowances };
            }

            call.Allowances = QuotaWords.Allowances(leases.Standings(quota.Subject), null, time.GetUtcNow());
            call.OutputBound = call.OutputBound is null ? null : output;
            call.Reserved = new Held(quota, verdict.Reservation, amounts);
            return null;
        }
    }

    private async ValueTask<QuotaVerdict?> TopUpAsync(Held held, Reservation reservation, Amounts used, Amounts more, CancellationToken ct)
    {
        try
        {
            return await leases.TopUpAsync(held.Quota.Subject, reservation, used, more, ct);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    private Refusal? PassLocally(Call call, CallQuota quota, int cap, StorageUnavailableException e)
    {
        var scope = quota.Subject.Scopes[^1].Key;
        var allowance = _cap.Take($"{quota.Subject.Partition}/{call.Caller.Name}", cap, out var isGranted);
        QuotaLog.PassedLocally(log, e, call.Caller.Tenant, scope, isGranted);
        call.Allowances = [allowance];
        if (isGranted)
        {
            call.Reserved = new Held(quota, null, default);
            call.OutputBound = quota.Terms.TokensPerRequest is null ? null : call.OutputBound;
            return null;
        }

        return QuotaWords.RefuseLocally(allowance, cap);
    }

    /// <param name="reservation">Null for a call that passed uncounted.</param>
    private sealed class Held(CallQuota quota, Reservation? reservation, Amounts reserved)
    {
        public CallQuota Quota => quota;

        public Reservation? Reservation => reservation;

        /// <summary>In all, with what is used already.</summary>
        public Amounts Reserved { get; set; } = reserved;
    }
}

internal static partial class QuotaLog
{
    [LoggerMessage(5001, LogLevel.Warning, "{Tenant}: the books cannot be read, so a call was judged by this instance alone, as its policies say. Scope {Scope}, admitted: {IsAdmitted}.")]
    public static partial void PassedLocally(ILogger logger, Exception exception, TenantId tenant, string scope, bool isAdmitted);
}
