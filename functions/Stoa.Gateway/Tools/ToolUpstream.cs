using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tools;

/// <summary>
/// Sends a tool's request with the tool's own credential and brings back the endpoint's answer: again where that is safe and worth it, not at
/// all where the endpoint keeps failing.
/// </summary>
internal sealed class ToolUpstream(
    EgressClient egress, ToolCredentials credentials, Breakers breakers, TimeProvider time, Random random, ILogger<ToolUpstream> log)
{
    /// <param name="limit">For everything: tokens, attempts and the waits between them.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResult> SendAsync(ToolRequest request, TimeSpan limit, CancellationToken ct)
    {
        var record = RecordOf(request);
        var retry = request.Trial is { Sends: false } ? null : RetryRules.Of(request.Tool);
        var work = new Work(request, record.Breaker, retry?.AttemptTimeout ?? limit, limit, time.GetTimestamp());
        var (attempts, renewals, waited) = (1, 0, TimeSpan.Zero);
        if (retry is not null)
        {
            record.Retries.Call();
        }

        while (true)
        {
            var tried = await TryAsync(work, waited, ct);

            // 401 means not acted on, so this is safe whatever the method; once, since a new token that is refused will be refused again.
            if (tried is { Reply.Status: 401, CachedToken: { } token } && renewals == 0 && credentials.TryInvalidate(token))
            {
                tried.Reply.Dispose();
                (renewals, waited) = (1, TimeSpan.Zero);
            }
            else if (retry is not null && attempts < retry.Attempts && WaitAfter(tried, retry, attempts, work) is { } wait && record.Retries.TryRetry())
            {
                tried.Reply?.Dispose();
                await Task.Delay(wait, time, ct);
                attempts++;
                waited = wait;
            }
            else
            {
                return new(tried.Reply, tried.Fault) { Requests = tried.IsSent ? attempts + renewals : attempts + renewals - 1, IsReached = tried.IsReached };
            }
        }
    }

    /// <summary>Null when another attempt is of no use, or its wait would outlast the call.</summary>
    private TimeSpan? WaitAfter(Attempt tried, RetrySpec retry, int attempts, Work work)
    {
        if (!work.Breaker.IsClosed || !RetryRules.IsPassing(tried.Reply, tried.Failure))
        {
            return null;
        }

        var wait = RetryRules.Wait(retry.Backoff, attempts, tried.Reply?.RetryAfter(time.GetUtcNow()), random);
        return wait < LeftOf(work) ? wait : null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> TryAsync(Work work, TimeSpan waited, CancellationToken ct)
    {
        if (!work.Breaker.TryEnter(out var permit, out var wait))
        {
            return Attempt.NotMade(string.Create(
                CultureInfo.InvariantCulture,
                $"The endpoint of this tool keeps failing, so the gateway leaves it alone for now. Try again in {Math.Ceiling(wait.TotalSeconds)} s."));
        }

        var attempt = default(Attempt);
        ToolCredential credential = default;
        try
        {
            var opened = work.Request.Trial is { Sends: false }
                ? new(ToolCredential.Masked(work.Request.Tool.Spec.Auth), "")
                : await credentials.OpenAsync(work.Request.Tool, LeftOf(work), ct);
            if (opened.Credential is null)
            {
                return attempt = Attempt.NotMade(opened.Fault);
            }

            credential = opened.Credential.Value;
            return attempt = await SendAsync(work, credential, waited, ct);
        }
        finally
        {
            credential.Certificate?.Return();
            Settle(work, permit, attempt);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> SendAsync(Work work, ToolCredential credential, TimeSpan waited, CancellationToken ct)
    {
        using var message = work.Request.Build(credential, out var fault);
        if (message is null)
        {
            return Attempt.NotMade(fault);
        }

        var left = LeftOf(work);
        if (left <= TimeSpan.Zero)
        {
            return Attempt.NotMade("The upstream did not answer in time.");
        }

        var trial = work.Request.Trial;
        if (trial is not null && !await trial.BeginAsync(message, credential, ct))
        {
            return trial.TakeSample() is { } sample ? new(sample, null, "", null) : Attempt.NotMade("Nothing was sent.");
        }

        var limits = new EgressLimits(left < work.AttemptLimit ? left : work.AttemptLimit, (int)work.Request.Tool.Spec.MaxResponseBytes);
        var sent = await egress.SendAsync(message, limits, credential.Certificate?.Identity, ct);
        trial?.End(sent, waited);
        return new(sent.Value, sent.Failure, sent.Failure?.Text ?? "", credential.CachedToken);
    }

    /// <summary>
    /// Server errors and endpoints that do not answer count as failures; 4xx do not, 429 included, since the endpoint works. What was never sent, or
    /// was given up by the caller, says nothing.
    /// </summary>
    private void Settle(Work work, Permit permit, Attempt attempt)
    {
        var failure = attempt switch
        {
            { Reply.Status: >= 500 and var status } => string.Create(CultureInfo.InvariantCulture, $"The upstream answered {status}."),
            { Failure: { Fault: not (EgressFault.TooLarge or EgressFault.RedirectForbidden) } failed } => failed.Text,
            _ => null,
        };
        if (!attempt.IsSent || attempt.Failure is { Fault: EgressFault.AddressForbidden })
        {
            work.Breaker.Abandoned(permit);
        }
        else if (failure is null)
        {
            work.Breaker.Succeeded(permit);
        }
        else if (work.Breaker.Failed(permit) && work.Request.Trial is null)
        {
            var tool = work.Request.Tool;
            ToolLog.CircuitOpened(log, tool.Revision.Tenant, tool.Name, tool.Spec.CircuitBreaker.OpenFor.TotalSeconds, failure);
        }
    }

    // A test is neither counted nor stopped: its endpoint may be another, and one wants to see when a failing one is back.
    private UpstreamRecord RecordOf(ToolRequest request) => request.Trial is null ? breakers.Of(request.Tool) : new(request.Tool.Spec, time);

    private TimeSpan LeftOf(Work work) => work.Limit - time.GetElapsedTime(work.StartedAt);

    /// <summary>What all attempts of a call have in common.</summary>
    private readonly record struct Work(ToolRequest Request, Breaker Breaker, TimeSpan AttemptLimit, TimeSpan Limit, long StartedAt);

    /// <summary>What became of one attempt; <see cref="Fault"/> is for the agent when there is no reply.</summary>
    private readonly record struct Attempt(EgressReply? Reply, EgressFailure? Failure, string Fault, AccessToken? CachedToken)
    {
        /// <summary>Whether the endpoint gave an answer, however bad; null when it was not asked.</summary>
        public bool? IsReached => Failure?.Fault switch
        {
            null => Reply is null ? null : true,
            EgressFault.AddressForbidden => null,
            EgressFault.TooLarge or EgressFault.RedirectForbidden => true,
            _ => false,
        };

        public bool IsSent => Reply is not null || Failure is not null;

        public static Attempt NotMade(string fault) => new(null, null, fault, null);
    }
}

/// <summary>An endpoint's answer, whatever its status, to be disposed by whoever takes it; or null and a sentence fit for an agent.</summary>
internal readonly record struct UpstreamResult(EgressReply? Reply, string Fault)
{
    /// <summary>How many were sent: 0 when something stood in the way, more than 1 after retries.</summary>
    public int Requests { get; init; }

    /// <summary>Whether the endpoint gave an answer, however bad; null when it was not asked.</summary>
    public bool? IsReached { get; init; }

    /// <summary>What an agent has to know of an answer that is not all there is.</summary>
    public string? Remark { get; init; }
}
