using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Upstream;

namespace Stoa.Gateway.Models;

/// <summary>
/// Where a call of a model ends: asks its candidates in order until one answers, as long as the caller has not seen a byte. Afterwards, and
/// also when the caller left, the call knows who served it, what was used and what it cost, or why there is no answer.
/// </summary>
internal sealed class ModelTerminal(TargetCaller targets, ModelExchanges exchanges, TimeProvider time)
{
    public async ValueTask<Answer> RunAsync(Call call, CancellationToken ct)
    {
        var model = (ModelCall)call;
        if (call.Operation is Operation.CountTokens)
        {
            return await CountAsync(model, ct);
        }

        try
        {
            return await ServeAsync(model, ct);
        }
        finally
        {
            call.Spent ??= new(default, 0);
        }
    }

    private async ValueTask<Answer> ServeAsync(ModelCall call, CancellationToken ct)
    {
        var startedAt = time.GetTimestamp();
        TargetFailure? told = null;
        foreach (var candidate in call.Model.Candidates)
        {
            ct.ThrowIfCancellationRequested();
            call.Served = candidate;
            var left = LeftFor(call, candidate, startedAt);
            var body = UpstreamBody.Of(call, candidate);
            var failed = body.Refusal is { } refusal ? TargetFailure.NotSent(Untranslatable(refusal)) : null;
            if (failed is null)
            {
                await using var exchange = exchanges.Open(call, candidate, time.GetTimestamp(), left);
                failed = await targets.AskAsync(call, candidate, body.Bytes, left, exchange, exchange.Patience(ct), ct);
                if (failed is null)
                {
                    call.Losses = body.Losses;
                    return await exchange.FinishAsync(ct);
                }
            }

            // What a provider said tells more than that another was left alone; a request that cannot be translated may suit the next one.
            told = failed.IsSent || told is null ? failed : told;
            if (!failed.Failure.IsPassing && failed.IsSent)
            {
                break;
            }
        }

        call.Failure = told!.Failure;
        return Answer.Error(told.Failure.Message, told.Status, isReached: told.IsSent ? null : false);
    }

    /// <summary>By the target that can count where one can, and by estimate where none does or none answers.</summary>
    private async ValueTask<Answer> CountAsync(ModelCall call, CancellationToken ct)
    {
        call.Spent = new(default, 0);
        foreach (var candidate in call.Model.Candidates.Where(c => c.Wire == call.Request.Wire && UpstreamUrls.CountOf(c.Provider.Spec) is not null))
        {
            call.Served = candidate;
            var startedAt = time.GetTimestamp();
            var left = LeftFor(call, candidate, startedAt);
            await using var exchange = exchanges.Open(call, candidate, startedAt, left);
            var failed = await targets.AskAsync(call, candidate, UpstreamBody.Of(call, candidate).Bytes, left, exchange, ct, ct);
            if (failed is null)
            {
                return await exchange.FinishAsync(ct);
            }

            if (!failed.Failure.IsPassing)
            {
                call.Failure = failed.Failure;
                return Answer.Error(failed.Failure.Message, failed.Status);
            }
        }

        call.IsEstimate = true;
        return exchanges.Estimate(call);
    }

    private static ModelFailure Untranslatable(Refusal refusal) =>
        new(400, ModelFailureKind.RequestRefused, refusal.Message) { Code = RefusalMap.Of(refusal.Kind).Name };

    private TimeSpan LeftFor(ModelCall call, Candidate candidate, long startedAt)
    {
        var total = candidate.Provider.Spec.Timeouts.Total;
        return call.MaxDuration is { } most && most - time.GetElapsedTime(startedAt) is var rest && rest < total ? rest : total;
    }
}
