using System.Text;
using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>Sets the headers of one attempt: the gateway's own, the arguments', the templates', the credential's.</summary>
internal static class RequestHeaders
{
    private const string Accepted = "application/json, text/*;q=0.5, image/*;q=0.5, audio/*;q=0.5";

    /// <summary>False with a fault in words when a value cannot stand in a header.</summary>
    public static bool TrySet(HttpRequestMessage message, in ToolRequest request, in ToolCredential credential, out string fault)
    {
        fault = "";
        var plan = request.Tool.Plan;
        var cookies = credential.HeaderName is "Cookie" ? credential.HeaderValue!.Reveal() : null;
        if ((plan.HasHeaders && !TrySetArguments(message, plan, request.Arguments, ref cookies, out fault)) || !TrySetTemplates(message, request, out fault))
        {
            return false;
        }

        SetUnlessGiven(message, "Accept", Accepted);
        SetUnlessGiven(message, "User-Agent", EgressClient.UserAgent);
        if (cookies is not null)
        {
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        if (credential.HeaderName is { } name and not "Cookie")
        {
            message.Headers.TryAddWithoutValidation(name, credential.HeaderValue!.Reveal());
        }

        return true;
    }

    private static bool TrySetArguments(HttpRequestMessage message, RequestPlan plan, in JsonElement arguments, ref string? cookies, out string fault)
    {
        var jar = new StringBuilder(cookies);
        var separator = cookies is null ? "" : "; ";
        foreach (var argument in arguments.EnumerateObject())
        {
            var route = plan.RouteOf(argument.Name);
            if (route?.Place is ParameterPlace.Cookie)
            {
                if (plan.TakenMember(route, argument.Value) is { } member)
                {
                    fault = RequestPlan.NotYours(argument.Name, member);
                    return false;
                }

                StyledValue.AppendPairs(jar, route, argument.Value, ref separator, between: "; ");
            }
            else if (route?.Place is ParameterPlace.Header && StyledValue.Header(route, argument.Value) is { } value)
            {
                if (!HeaderRules.CanHold(value))
                {
                    fault = $"/{argument.Name} is sent in a header and may hold visible ASCII characters and spaces only.";
                    return false;
                }

                message.Headers.TryAddWithoutValidation(route.Name, value);
            }
        }

        cookies = jar.Length > 0 ? jar.ToString() : null;
        fault = "";
        return true;
    }

    private static bool TrySetTemplates(HttpRequestMessage message, in ToolRequest request, out string fault)
    {
        fault = "";
        foreach (var header in request.Tool.Plan.Transform.Headers)
        {
            if (!header.Value.TryRender(request.Scope, out var value, out fault))
            {
                return false;
            }

            if (value is not null && !HeaderRules.CanHold(value))
            {
                fault = $"The header {header.Name} may hold visible ASCII characters and spaces only; change {Sources(header)}.";
                return false;
            }

            if (value is not null)
            {
                message.Headers.TryAddWithoutValidation(header.Name, value);
            }
        }

        return true;
    }

    private static string Sources(CompiledTemplate header) =>
        header.Value.Inputs.Count == 0 ? "the tool" : string.Join(" or ", header.Value.Inputs.Select(name => "/" + name));

    private static void SetUnlessGiven(HttpRequestMessage message, string name, string value)
    {
        if (!message.Headers.NonValidated.Contains(name))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
