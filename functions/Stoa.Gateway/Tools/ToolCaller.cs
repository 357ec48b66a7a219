using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>The terminal of a tool call: what is sent, what came back, what the agent gets.</summary>
internal sealed class ToolCaller(ToolUpstream upstream, TimeProvider time)
{
    public async ValueTask<Answer> CallAsync(Call call, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        var sent = await upstream.SendAsync(new ToolRequest(tool, call.Arguments), ct);
        return sent.Reply is { } reply ? ToolAnswer.From(tool, reply, time.GetUtcNow()) : Answer.Error(sent.Fault);
    }
}
