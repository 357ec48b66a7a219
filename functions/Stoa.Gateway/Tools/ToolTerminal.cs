using System.Runtime.CompilerServices;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Caching;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Tools;

/// <summary>
/// The terminal of a tool call: the answer that is still good, or the endpoint's; then shortened as asked. What is kept is the whole answer,
/// so that every level can be had from it.
/// </summary>
internal sealed class ToolTerminal
{
    private readonly ToolCaller _caller;
    private readonly ReadCache _cache;
    private readonly StatusBoard _statuses;
    private readonly TimeProvider _time;
    private readonly Terminal _plain;

    public ToolTerminal(ToolCaller caller, ReadCache cache, StatusBoard statuses, TimeProvider time)
    {
        (_caller, _cache, _statuses, _time) = (caller, cache, statuses, time);
        _plain = (call, ct) => AnswerAsync(call, CallWishes.None, ct);
    }

    /// <summary>How a call with these wishes is answered.</summary>
    public Terminal For(CallWishes wishes) => ReferenceEquals(wishes, CallWishes.None) ? _plain : (call, ct) => AnswerAsync(call, wishes, ct);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer> AnswerAsync(Call call, CallWishes wishes, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        var answer = ReadCache.Serves(tool) ? await AnswerCachedAsync(call, tool, wishes, ct) : await CallAsync(call, tool, ct);
        return AnswerReduction.Apply(tool, answer, wishes.Reduction ?? tool.Spec.Reduction);
    }

    private async ValueTask<Answer> AnswerCachedAsync(Call call, Tool tool, CallWishes wishes, CancellationToken ct)
    {
        var key = CacheKey.Of(call, tool);
        if (!wishes.IsFresh && _cache.Find(key) is { } known)
        {
            call.CacheUse = CacheUse.Hit;
            return known;
        }

        call.CacheUse = wishes.IsFresh ? CacheUse.Bypass : CacheUse.Miss;
        var askedAt = _time.GetTimestamp();
        var answer = await CallAsync(call, tool, ct);
        if (!wishes.IsUnkept)
        {
            _cache.Keep(key, answer, tool.Spec.Cache!.Ttl, askedAt);
        }

        return answer;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer> CallAsync(Call call, Tool tool, CancellationToken ct)
    {
        var startedAt = _time.GetTimestamp();
        var answer = await _caller.CallAsync(call, trial: null, ct);
        _statuses.Note(tool, answer, answer.IsReached, _time.GetElapsedTime(startedAt));
        return answer;
    }
}
