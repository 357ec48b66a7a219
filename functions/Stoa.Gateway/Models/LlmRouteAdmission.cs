using System.Globalization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Models;

/// <summary>What a route's document must satisfy in its tenant: providers that exist, names of models that no other route claims.</summary>
internal static class LlmRouteAdmission
{
    /// <param name="all">All resources that would be in force.</param>
    public static void Check(ResourceDocument document, Func<string, Resource?> findProvider, IEnumerable<Resource> all, List<ResourceFault> faults)
    {
        var spec = ModelJson.Route(document.Spec);
        for (var i = 0; i < spec.Targets.Count; i++)
        {
            if (findProvider(spec.Targets[i].Provider) is null)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"spec.targets[{i}].provider");
                faults.Add(document.Fault(path, $"There is no LlmProvider `{spec.Targets[i].Provider}` in this tenant; apply it first, or in the same request."));
            }
        }

        if (!spec.Enabled)
        {
            return;
        }

        var claims = spec.NamesOf(document.Name);
        foreach (var other in all.Where(r => r.Kind == document.Kind && r.Name != document.Name))
        {
            var theirs = ModelJson.Route(other.Spec);
            if (theirs.Enabled && theirs.NamesOf(other.Name).Intersect(claims, StringComparer.Ordinal).FirstOrDefault() is { } both)
            {
                faults.Add(document.Fault(
                    spec.Models is null ? "metadata.name" : "spec.models",
                    $"The LlmRoute `{other.Name}` has the model `{both}` already; take it away there first, or earlier in the same request."));
            }
        }
    }

    /// <summary>The routes that name the provider, for example <c>LlmRoute smart</c>.</summary>
    public static List<string> UsersOf(string provider, Revision revision) =>
    [
        .. revision.Resources.Where(r => r.Kind == LlmRouteKind.Schema.Kind && ModelJson.Route(r.Spec).Targets.Any(t => t.Provider == provider))
            .Select(r => $"{r.Kind} {r.Name}"),
    ];
}
