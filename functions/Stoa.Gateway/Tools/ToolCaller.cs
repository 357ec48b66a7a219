using System.Runtime.CompilerServices;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>The terminal of a tool call: what is sent, what came back, what the agent gets.</summary>
internal sealed class ToolCaller(ToolUpstream upstream, TimeProvider time)
{
    private readonly PageReader _pages = new(upstream, time);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer> CallAsync(Call call, CancellationToken ct)
    {
        var request = ToolRequest.Of(call);
        var sent = request.Tool.Pages is null ? await upstream.SendAsync(request, ct) : await _pages.ReadAsync(request, ct);
        return ToolAnswer.From(request, sent, time.GetUtcNow());
    }
}
