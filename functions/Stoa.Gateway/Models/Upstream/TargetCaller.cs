using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Answers;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>
/// Asks one target until it answers or it makes no sense to ask again: past its breaker, within its retry budget and its time.
/// </summary>
internal sealed class TargetCaller(
    EgressClient egress, ProviderCredentials credentials, HealthBoard health, TimeProvider time, Random random, ILogger<TargetCaller> log)
{
    /// <summary>An error's body beyond this is not read: nobody writes that much to say what is wrong.</summary>
    private const int LongestError = 64 * 1024;

    private static readonly TimeSpan ErrorPatience = TimeSpan.FromSeconds(5);

    /// <summary>A provider that asks for a longer wait than this gets none: the next target is asked.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(5);

    /// <summary>Null when an answer was accepted, else why there is none.</summary>
    /// <param name="body">In the candidate's wire.</param>
    /// <param name="left">How long all attempts together may take.</param>
    /// <param name="ct">Ends the attempt under way.</param>
    /// <param name="caller">Has left: there is no further attempt.</param>
    public async ValueTask<TargetFailure?> AskAsync(
        ModelCall call, Candidate candidate, ReadOnlyMemory<byte> body, TimeSpan left, ModelExchange exchange, CancellationToken ct, CancellationToken caller)
    {
        var target = health.Of(candidate.Provider, candidate.Model);
        var retry = call.Model.Route.Retry;
        var startedAt = time.GetTimestamp();
        target.Retries.Call();
        for (var attempt = 1; ; attempt++)
        {
            var failed = await TryAsync(call, candidate, target, body, left - time.GetElapsedTime(startedAt), exchange, ct);
            if (failed is not { IsSent: true } || attempt >= retry.Attempts || WaitAfter(failed.Failure, retry, attempt) is not { } wait
                || wait >= left - time.GetElapsedTime(startedAt) || !target.Breaker.IsClosed || !target.Retries.TryRetry())
            {
                return failed;
            }

            await Task.Delay(wait, time, caller);
        }
    }

    /// <summary>Null when the same target is not asked again.</summary>
    private TimeSpan? WaitAfter(ModelFailure failure, RouteRetry retry, int attempts) =>
        failure is { Kind: ModelFailureKind.Unavailable or ModelFailureKind.RateLimited, Status: not 404 } && !(failure.RetryAfter > ShortWait)
            ? RetryRules.Wait(retry.Backoff, attempts, failure.RetryAfter, random)
            : null;

    private async ValueTask<TargetFailure?> TryAsync(
        ModelCall call, Candidate candidate, TargetHealth target, ReadOnlyMemory<byte> body, TimeSpan left, ModelExchange exchange, CancellationToken ct)
    {
        var provider = candidate.Provider;
        if (left <= TimeSpan.Zero)
        {
            return TargetFailure.NotSent(NoAnswer.TimedOut(provider.Name));
        }

        if (!target.Breaker.TryEnter(out var permit, out var wait))
        {
            return TargetFailure.NotSent(NoAnswer.LeftAlone(provider.Name, wait));
        }

        var isSettled = false;
        try
        {
            var (isUsable, credential) = await credentials.OpenAsync(provider, ct);
            if (!isUsable)
            {
                return TargetFailure.NotSent(NoAnswer.NoCredential(provider.Name));
            }

            using var message = Build(call, candidate, credential, body);
            call.Attempts++;
            var failed = await SendAsync(message, candidate, target, credential, left, exchange, ct);
            if (failed is not null && IsCutShort(call, provider, failed, left))
            {
                // As if the caller had left: that says nothing of the target, and what it has read is charged.
                return failed;
            }

            exchange.Ended();
            isSettled = true;
            Settle(candidate, target, permit, failed?.Failure);
            return failed;
        }
        finally
        {
            if (!isSettled)
            {
                target.Breaker.Abandoned(permit);
            }
        }
    }

    /// <summary>The caller's own limit ended the wait, before the provider's was over.</summary>
    private static bool IsCutShort(ModelCall call, Provider provider, TargetFailure failed, TimeSpan left) =>
        call.MaxDuration is not null && left < provider.Spec.Timeouts.FirstByte && failed is { Failure.Kind: ModelFailureKind.TimedOut, Status: < 300 };

    private static HttpRequestMessage Build(ModelCall call, Candidate candidate, Secret? credential, ReadOnlyMemory<byte> body)
    {
        var (provider, request) = (candidate.Provider, call.Request);
        var url = call.Operation is Operation.CountTokens
            ? UpstreamUrls.CountOf(provider.Spec)!
            : UpstreamUrls.Of(provider.Spec, candidate.Wire, UpstreamUrls.NameOf(provider.Spec, candidate.Model), request.IsStream);
        return UpstreamRequest.Build(provider, url, credential, call.Header, candidate.Wire, candidate.Wire == request.Wire, request.IsStream, body);
    }

    private async ValueTask<TargetFailure?> SendAsync(
        HttpRequestMessage message, Candidate candidate, TargetHealth target, Secret? credential, TimeSpan left, ModelExchange exchange, CancellationToken ct)
    {
        var provider = candidate.Provider;
        var sentAt = time.GetTimestamp();
        exchange.Begin();
        var firstByte = provider.Spec.Timeouts.FirstByte;
        var opened = await egress.OpenAsync(message, new EgressLimits(left < firstByte ? left : firstByte, 0, MaxRedirects: 0), ct);
        if (!opened.IsAnswer)
        {
            return new(NoAnswer.Of(opened.Failure, provider.Name), IsSent: true, Status: 0);
        }

        var response = opened.Value;
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            return new(await ReadErrorAsync(response, candidate, credential, ct), IsSent: true, status);
        }

        if (await exchange.AcceptAsync(response, sentAt, ct) is { } failure)
        {
            return new(ProviderError.Safe(failure, credential), IsSent: true, status);
        }

        target.Answered(exchange.IsStream, time.GetElapsedTime(sentAt));
        return null;
    }

    private async ValueTask<ModelFailure> ReadErrorAsync(HttpResponseMessage response, Candidate candidate, Secret? credential, CancellationToken ct)
    {
        var (provider, status) = (candidate.Provider, (int)response.StatusCode);
        var read = await WholeBody.ReadAsync(response, LongestError, ErrorPatience, time, ct);
        using var reply = read.Value;
        if (status is 401 or 402 or 403)
        {
            ModelLog.CredentialRefused(log, provider.Revision.Tenant, provider.Name, status);
        }

        var body = reply is null ? default : reply.Body.Span;
        return ProviderError.Safe(ProviderError.Read(candidate.Wire, status, name => reply?.Header(name), body, time.GetUtcNow()), credential);
    }

    /// <summary>No answer, server errors and answers without sense are failures of the target; 4xx are not, 429 included, since it works.</summary>
    private void Settle(Candidate candidate, TargetHealth target, Permit permit, ModelFailure? failure)
    {
        if (failure is null)
        {
            target.Breaker.Succeeded(permit);
            return;
        }

        target.Failed(failure.Kind);
        if (failure is not { Kind: ModelFailureKind.Unavailable or ModelFailureKind.TimedOut or ModelFailureKind.Nonsense, Status: >= 500 })
        {
            target.Breaker.Succeeded(permit);
        }
        else if (target.Breaker.Failed(permit))
        {
            var provider = candidate.Provider;
            ModelLog.CircuitOpened(log, provider.Revision.Tenant, provider.Name, candidate.Model, failure.Kind, provider.Spec.CircuitBreaker.OpenFor.TotalSeconds);
        }
    }
}

/// <summary>Why a target gave no answer.</summary>
/// <param name="IsSent">False when nothing was sent: the target was left alone, or the gateway has no credential for it.</param>
/// <param name="Status">The provider's; 0 when it gave none.</param>
internal sealed record TargetFailure(ModelFailure Failure, bool IsSent, int Status)
{
    public static TargetFailure NotSent(ModelFailure failure) => new(failure, IsSent: false, Status: 0);
}
