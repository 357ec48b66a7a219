using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Templates;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// Turns a validated call into the HTTP request that its tool describes, once per attempt, from nothing: no header of the caller is copied, so no
/// credential of the caller can travel on.
/// </summary>
internal readonly record struct ToolRequest(Tool Tool, JsonElement Arguments)
{
    /// <summary>What templates see of the call; null when no template of the tool looks.</summary>
    public TemplateContext? Context { get; init; }

    /// <summary>Which page of several is meant; null for a tool that has no pages.</summary>
    public PageRequest? Page { get; init; }

    /// <summary>How long all of the work may take: what the tool allows, or what quotas do.</summary>
    public TimeSpan Timeout { get; init; } = Tool.Spec.Timeout;

    /// <summary>What a template of this tool can read, while there is no answer.</summary>
    public TemplateScope Scope => new(Arguments, default, Context!);

    public static ToolRequest Of(Call call)
    {
        var tool = (Tool)call.Target!;
        return new(tool, call.Arguments)
        {
            Timeout = call.MaxDuration < tool.Spec.Timeout ? call.MaxDuration.Value : tool.Spec.Timeout,
            Context = tool.HasTemplates ? new(call.Caller.Tenant.ToString(), call.Caller.Name, tool.Name, call.TraceId) : null,
        };
    }

    /// <summary>Notes what happens, for somebody who tests the tool; null on live calls.</summary>
    public ToolTrial? Trial { get; init; }

    /// <summary>The request, or null and a fault in words for the agent.</summary>
    public HttpRequestMessage? Build(ToolCredential credential, out string fault)
    {
        if (RequestUrl.Of(this, credential.Query, out fault) is not { } url)
        {
            return null;
        }

        var message = new HttpRequestMessage(Tool.Plan.Method, url);
        if (!RequestHeaders.TrySet(message, this, credential, out fault))
        {
            message.Dispose();
            return null;
        }

        message.Content = ToolBody.Of(this, out fault);
        if (fault.Length > 0)
        {
            message.Dispose();
            return null;
        }

        return message;
    }
}
