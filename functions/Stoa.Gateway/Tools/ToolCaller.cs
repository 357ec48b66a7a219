using System.Runtime.CompilerServices;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Tools;

/// <summary>Asks a tool's endpoint, for a live call or a test: what is sent, what came back, what the agent gets.</summary>
internal sealed class ToolCaller(ToolUpstream upstream, TimeProvider time)
{
    private readonly PageReader _pages = new(upstream, time);

    /// <param name="trial">Goes with a test of the tool; null on live calls.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer> CallAsync(Call call, ToolTrial? trial, CancellationToken ct)
    {
        var request = ToolRequest.Of(call) with { Trial = trial };
        var sent = request.Tool.Pages is null ? await upstream.SendAsync(request, request.Timeout, ct) : await _pages.ReadAsync(request, ct);
        return ToolAnswer.From(request, sent, time.GetUtcNow());
    }
}
