using System.Buffers;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.Models;

/// <summary>
/// Where a call of a model ends: asks its candidates in order until one answers, as long as the caller has not seen a byte. Afterwards the
/// call knows who served it, what was used and what it cost, or why there is no answer.
/// </summary>
internal sealed class ModelTerminal(TargetCaller targets, PriceBook prices, TimeProvider time)
{
    /// <summary>The largest answer that is read whole; a longer one has to be streamed.</summary>
    public const int MaxAnswer = 20 * 1024 * 1024;

    public async ValueTask<Answer> RunAsync(Call call, CancellationToken ct)
    {
        var model = (ModelCall)call;
        var startedAt = time.GetTimestamp();
        TargetFailure? told = null;
        foreach (var candidate in model.Model.Candidates)
        {
            model.Served = candidate;
            var total = candidate.Provider.Spec.Timeouts.Total;
            var left = call.MaxDuration is { } most && most - time.GetElapsedTime(startedAt) is var rest && rest < total ? rest : total;
            if (left <= TimeSpan.Zero)
            {
                told ??= new(ProviderError.TimedOut(candidate.Provider.Name), IsSent: false, Status: 0);
                break;
            }

            var (answer, failed) = await AskAsync(model, candidate, left, ct);
            if (answer is not null)
            {
                return answer;
            }

            // What a provider said tells more than that another was left alone.
            told = failed!.IsSent || told is not { IsSent: true } ? failed : told;
            if (!failed.Failure.IsPassing)
            {
                break;
            }
        }

        call.Spent ??= new(default, 0);
        model.Failure = told!.Failure;
        return Answer.Error(told.Failure.Message, told.Status);
    }

    private async ValueTask<(Answer? Answer, TargetFailure? Failed)> AskAsync(ModelCall call, Candidate candidate, TimeSpan left, CancellationToken ct)
    {
        var request = call.Request;
        var body = new ArrayBufferWriter<byte>(request.Body.Length + 128);
        RequestSplice.Write(request, UpstreamUrls.NameOf(candidate.Provider.Spec, candidate.Model), BoundFor(call, candidate), forceUsage: true, candidate.Provider.Spec.Type, body);
        EgressReply? whole = null;
        var failed = await targets.AskAsync(
            call,
            candidate,
            body.WrittenMemory,
            left,
            async (response, sentAt, token) =>
            {
                var read = await WholeBody.ReadAsync(response, MaxAnswer, left - time.GetElapsedTime(sentAt), time, token);
                if (!read.IsAnswer)
                {
                    return ProviderError.Of(read.Failure, candidate.Provider.Name);
                }

                if (AnswerShape.Complaint(candidate.Wire, read.Value.Body.Span) is { } complaint)
                {
                    read.Value.Dispose();
                    return ProviderError.Nonsense(candidate.Provider.Name, complaint);
                }

                whole = read.Value;
                return null;
            },
            ct);
        if (failed is not null)
        {
            return (null, failed);
        }

        var usage = UsageReader.OfAnswer(candidate.Wire, whole!.Body.Span) ?? new TokenUsage(TokenEstimate.Input(request), whole.Body.Length / 4) { IsEstimate = true };
        call.Spent = new(usage, candidate.Price is { } price ? Cost.Of(usage, price) : null);
        return (new Answer(AnswerForm.JsonObject, whole.Body, whole) { UpstreamStatus = whole.Status }, null);
    }

    /// <summary>What the provider is asked to keep to: null leaves the caller's own bound, or none.</summary>
    private long? BoundFor(ModelCall call, Candidate candidate)
    {
        var cap = call.Model.Route.MaxOutputTokens * call.Request.Choices;
        var bound = call.OutputBound is { } reserved && cap is { } route ? Math.Min(reserved, route) : call.OutputBound ?? cap;

        // A model that can write less refuses to be asked for more.
        var most = prices.MaxOutputOf(candidate.Provider.Spec.Type, candidate.Model, time.GetUtcNow()) * call.Request.Choices;
        return bound > most ? most : bound;
    }
}
