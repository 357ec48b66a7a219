using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tools;

/// <summary>Finds the tool that a call names and holds its arguments against the tool's schema, before anything leaves the gateway.</summary>
internal sealed class ToolGate
{
    /// <summary>A tool that the caller may not see and one that does not exist get the same answer.</summary>
    public ValueTask<Refusal?> ResolveAsync(Call call, CancellationToken ct)
    {
        if (call.Operation is not Operation.CallTool)
        {
            return default;
        }

        if (PlanView.ToolsOf(call.Caller).Allows(call.TargetName) && ToolCatalog.Of(call.Caller.Revision!).Find(call.TargetName) is { } tool)
        {
            call.Target = tool;
            return default;
        }

        return new(new Refusal(RefusalKind.UnknownTool, $"Unknown tool: {JsonText.Shorten(call.TargetName, 128)}"));
    }

    public ValueTask<Refusal?> ValidateAsync(Call call, CancellationToken ct)
    {
        if (call.Target is not Tool tool || tool.Input.IsValid(call.Arguments))
        {
            return default;
        }

        var findings = new List<SchemaFinding>();
        tool.Input.Validate(call.Arguments, findings);
        return new(new Refusal(RefusalKind.InvalidArguments, $"The arguments do not fit the tool '{tool.Name}'.")
        {
            Findings = [.. findings.Select(f => f.Message)],
        });
    }
}
