using System.Security.Cryptography;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>
/// Calls a tool as live calls do, with a <see cref="ToolTrial"/> beside it: same request, same egress, same limits, same mapping. Not from
/// the cache, not into it, and no breaker counts it or stops it, so that one can see when an endpoint is back.
/// </summary>
internal sealed class TrialRunner(ToolCaller caller, SecretVault vault, TimeProvider time)
{
    /// <summary>The call's target is the tool. Arguments that do not fit it end the trial before anything is built.</summary>
    public async ValueTask<TrialOutcome> RunAsync(Call call, bool sends, SampleResponse? sample, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        var startedAt = time.GetTimestamp();
        var mask = new SecretMask();
        var trial = new ToolTrial(mask, sends, sample, time);
        if (!tool.Input.Validate(call.Arguments, trial.Findings))
        {
            return new(trial, null, "The arguments do not fit the tool.", time.GetElapsedTime(startedAt));
        }

        if (trial.Sends)
        {
            await LearnAsync(mask, tool, ct);
        }

        // Masked before it is shortened: of a secret that is cut in two nobody would find the part that is left.
        using var answer = AnswerReduction.Apply(tool, Masked(await caller.CallAsync(call, trial, ct), mask), tool.Spec.Reduction);
        var endedAt = time.GetTimestamp();
        var wasOnlyBuilt = !trial.Sends && trial.Response is null && trial.Request is not null;
        var result = wasOnlyBuilt ? null : TrialResult.Of(answer, mask);
        return new(trial, result, result is { IsError: true } ? result.Body.Text : null, time.GetElapsedTime(startedAt, endedAt))
        {
            Mapping = trial.Response is null ? TimeSpan.Zero : time.GetElapsedTime(trial.EndedAt, endedAt),
            IsReached = trial.Attempts.Count > 0 ? answer.IsReached : null,
        };
    }

    private static Answer Masked(Answer answer, SecretMask mask)
    {
        if (answer.Form is not (AnswerForm.JsonObject or AnswerForm.JsonValue) || MaskedJson.Of(answer.Body, mask) is not { } body)
        {
            return answer;
        }

        answer.Dispose();
        return new(answer.Form, body, null) { UpstreamStatus = answer.UpstreamStatus, Remark = answer.Remark };
    }

    private async ValueTask LearnAsync(SecretMask mask, Tool tool, CancellationToken ct)
    {
        foreach (var reference in tool.Spec.Auth.Secrets)
        {
            try
            {
                mask.Add((await vault.OpenAsync(tool.Revision, reference.Name, reference.Key, ct))?.Reveal() ?? "");
            }
            catch (Exception e) when (e is CryptographicException or InvalidDataException)
            {
                // What does not open cannot be sent either; the call itself says so.
            }
        }
    }
}

/// <summary>How a trial went.</summary>
/// <param name="Result">What the agent would get; null when it would get nothing, as nothing was sent.</param>
/// <param name="Error">Null when all is well.</param>
internal sealed record TrialOutcome(ToolTrial Trial, TrialResult? Result, string? Error, TimeSpan Total)
{
    /// <summary>From the last byte of the endpoint's answer to what the agent would get.</summary>
    public TimeSpan Mapping { get; init; }

    /// <summary>Whether the endpoint gave any answer; null when it was not asked, or nothing can be said.</summary>
    public bool? IsReached { get; init; }
}

/// <summary>An answer as it is shown.</summary>
internal sealed record TrialResult(bool IsError, string? Remark, TrialBody Body)
{
    public static TrialResult Of(Answer answer, SecretMask mask) => new(
        answer.IsError, answer.Remark is { } remark ? mask.Apply(remark) : null, answer.Form is AnswerForm.JsonObject or AnswerForm.JsonValue
            ? TrialBody.Of(answer.Body, "application/json", mask)
            : TrialBody.OfText(answer.Body, answer.MediaType, mask));
}
