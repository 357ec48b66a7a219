using System.Text;
using System.Text.Json;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// The URL of one attempt. Values are percent-encoded whole, so that none reaches beyond its segment or pair. The query's order: the
/// endpoint's own, arguments, templates, the page, the credential.
/// </summary>
internal static class RequestUrl
{
    /// <summary>What is built here is sent as it is.</summary>
    public static readonly UriCreationOptions AsBuilt = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Null when a value is missing or unusable, and then <paramref name="fault"/> says which.</summary>
    public static Uri? Of(in ToolRequest request, string? credential, out string fault)
    {
        fault = "";
        var plan = request.Tool.Plan;
        if (request.Page?.Link is { } link)
        {
            return credential is null ? link : new Uri($"{link.OriginalString}{(link.OriginalString.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{credential}", AsBuilt);
        }

        if (plan.Endpoint.Fixed is { } whole && credential is null && request.Page is null && plan.Transform.Query.Count == 0
            && (plan.BodyIsArguments || request.Arguments.GetPropertyCount() == 0))
        {
            return whole;
        }

        var url = new StringBuilder(plan.Endpoint.Literals[0], 256);
        var separator = plan.Endpoint.FixedQueryNames.Count > 0 ? "&" : "?";
        if (!TryAppendPath(url, plan, request.Arguments, out fault)
            || (!plan.BodyIsArguments && !TryAppendArguments(url, plan, request.Arguments, ref separator, out fault))
            || !TryAppendTemplates(url, plan, request.Scope, ref separator, out fault))
        {
            return null;
        }

        foreach (var (name, value) in request.Page?.Query ?? [])
        {
            Append(url, name, value, ref separator);
        }

        if (credential is not null)
        {
            url.Append(separator).Append(credential);
        }

        return new Uri(url.ToString(), AsBuilt);
    }

    private static bool TryAppendPath(StringBuilder url, RequestPlan plan, in JsonElement arguments, out string fault)
    {
        fault = "";
        for (var i = 0; i < plan.Path.Count; i++)
        {
            // A dot segment would climb to another path; an empty one would name the collection (RFC 3986 §5.2.4).
            var start = url.Length;
            if (!arguments.TryGetProperty(plan.Path[i].Argument, out var value)
                || !StyledValue.AppendPath(url, plan.Path[i], value)
                || url.Length == start
                || (url.Length <= start + 2 && url[start] == '.' && url[^1] == '.'))
            {
                fault = $"/{plan.Path[i].Argument} must be a non-empty value that can stand in the URL's path.";
                return false;
            }

            url.Append(plan.Endpoint.Literals[i + 1]);
        }

        return true;
    }

    private static bool TryAppendArguments(StringBuilder url, RequestPlan plan, in JsonElement arguments, ref string separator, out string fault)
    {
        fault = "";
        foreach (var argument in arguments.EnumerateObject())
        {
            var name = argument.Name;
            if (plan.RouteOf(name) is not { } route)
            {
                fault = RequestPlan.NotYours(name);
                return false;
            }

            if (route.Place is ParameterPlace.Query)
            {
                if (plan.TakenMember(route, argument.Value) is { } member)
                {
                    fault = RequestPlan.NotYours(name, member);
                    return false;
                }

                StyledValue.AppendPairs(url, route, argument.Value, ref separator, between: "&");
            }
        }

        return true;
    }

    private static bool TryAppendTemplates(StringBuilder url, RequestPlan plan, in TemplateScope scope, ref string separator, out string fault)
    {
        fault = "";
        foreach (var parameter in plan.Transform.Query)
        {
            if (!parameter.Value.TryRender(scope, out var value, out fault))
            {
                return false;
            }

            if (value is not null)
            {
                Append(url, parameter.Name, value, ref separator);
            }
        }

        return true;
    }

    private static void Append(StringBuilder url, string name, string value, ref string separator)
    {
        url.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        separator = "&";
    }
}
