using System.Runtime.CompilerServices;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Caching;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Tools;

/// <summary>
/// Where a live tool call ends: with the answer that the cache still has, or the endpoint's; then shortened as asked. What the cache keeps is the
/// whole answer, so that every level can be had from it.
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
        _plain = (call, ct) => AnswerAsync(call, CallOptions.None, ct);
    }

    /// <summary>How a call with these options is answered.</summary>
    public Terminal For(CallOptions options) => ReferenceEquals(options, CallOptions.None) ? _plain : (call, ct) => AnswerAsync(call, options, ct);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer> AnswerAsync(Call call, CallOptions options, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        var answer = ReadCache.Serves(tool) ? await AnswerCachedAsync(call, tool, options, ct) : await CallAsync(call, tool, ct);
        return AnswerReduction.Apply(tool, answer, options.Reduction ?? tool.Spec.Reduction);
    }

    private async ValueTask<Answer> AnswerCachedAsync(Call call, Tool tool, CallOptions options, CancellationToken ct)
    {
        var key = CacheKey.Of(call, tool);
        if (!options.NoCache && _cache.Find(key) is { } known)
        {
            call.CacheUse = CacheUse.Hit;
            return known;
        }

        call.CacheUse = options.NoCache ? CacheUse.Bypass : CacheUse.Miss;
        var askedAt = _time.GetTimestamp();
        var answer = await CallAsync(call, tool, ct);
        if (!options.NoStore)
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
        _statuses.Note(tool, answer, _time.GetElapsedTime(startedAt));
        return answer;
    }
}
