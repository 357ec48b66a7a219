using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>No two things that a tool sends may have one name: which of them counts would be the endpoint's guess.</summary>
internal static class CollisionAdmission
{
    public static void Check(ResourceDocument document, RequestPlan plan, List<ResourceFault> faults)
    {
        var query = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in plan.Endpoint.FixedQueryNames)
        {
            query[name] = "the endpoint";
        }

        if (plan.CredentialQueryName is { } credential)
        {
            query[credential] = "the tool's credential";
        }

        CheckPages(document, plan, query, faults);
        CheckTemplates(document, plan, query, faults);
        CheckArguments(document, plan, query, faults);
    }

    private static void CheckPages(ResourceDocument document, RequestPlan plan, Dictionary<string, string> query, List<ResourceFault> faults)
    {
        (string Field, string? Name)[] fields =
        [
            ("limitParam", plan.Pages?.LimitParam), ("offsetParam", plan.Pages?.OffsetParam), ("pageParam", plan.Pages?.PageParam), ("cursorParam", plan.Pages?.CursorParam),
        ];
        foreach (var (field, name) in fields.Where(f => f.Name is not null))
        {
            Claim(document, $"spec.pagination.{field}", name!, "`pagination`", query, faults);
        }
    }

    private static void CheckTemplates(ResourceDocument document, RequestPlan plan, Dictionary<string, string> query, List<ResourceFault> faults)
    {
        // The same parameter several times is how many endpoints take a list.
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < plan.Transform.Query.Count; i++)
        {
            var name = plan.Transform.Query[i].Name;
            if (own.Add(name))
            {
                Claim(document, $"spec.requestTransform.queryParams[{i}].name", name, "`requestTransform`", query, faults);
            }
        }
    }

    private static void CheckArguments(ResourceDocument document, RequestPlan plan, Dictionary<string, string> query, List<ResourceFault> faults)
    {
        var headers = plan.Transform.Headers.ToDictionary(h => h.Name, _ => "`requestTransform`", StringComparer.OrdinalIgnoreCase);
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        var segments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var route in plan.Routes)
        {
            var taken = route.Place switch
            {
                ParameterPlace.Query => query,
                ParameterPlace.Header => headers,
                ParameterPlace.Cookie => cookies,
                ParameterPlace.Body => members,
                ParameterPlace.Path => segments,
                _ => null,
            };
            var declared = NodePath.Of("spec.parameters", route.Argument);
            var path = document.TryLocate(declared, out _) ? declared : NodePath.Of("spec.inputSchema.properties", route.Argument);
            if (taken is not null)
            {
                Claim(document, path, route.Name, $"the argument `{route.Argument}`", taken, faults);
            }
        }
    }

    private static void Claim(ResourceDocument document, string path, string name, string owner, Dictionary<string, string> taken, List<ResourceFault> faults)
    {
        if (taken.TryGetValue(name, out var first))
        {
            faults.Add(document.Fault(path, $"`{name}` is set by {first} already; what is sent twice could be read either way."));
        }
        else
        {
            taken[name] = owner;
        }
    }
}
