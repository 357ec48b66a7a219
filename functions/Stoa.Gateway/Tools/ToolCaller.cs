using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Tools;

/// <summary>The terminal of a tool call: what is sent, what came back, what the agent gets.</summary>
internal sealed class ToolCaller(ToolUpstream upstream, TimeProvider time)
{
    /// <param name="trial">Goes with a test of the tool; null on live calls.</param>
    public async ValueTask<Answer> CallAsync(Call call, ToolTrial? trial, CancellationToken ct)
    {
        var tool = (Tool)call.Target!;
        var sent = await upstream.SendAsync(new ToolRequest(tool, call.Arguments) { Trial = trial }, ct);
        return sent.Reply is { } reply ? ToolAnswer.From(tool, reply, time.GetUtcNow()) : Answer.Error(sent.Fault);
    }
}
