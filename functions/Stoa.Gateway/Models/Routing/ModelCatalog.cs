using System.Collections.Frozen;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Models.Routing;

/// <summary>A revision's enabled routes by what callers name: exact names first, then the longest prefix.</summary>
internal sealed class ModelCatalog
{
    private static readonly RevisionView<ModelCatalog> View = new(static revision => new ModelCatalog(revision));

    private readonly FrozenDictionary<string, ModelRoute> _exact;
    private readonly (string Prefix, ModelRoute Route)[] _prefixes;

    private ModelCatalog(Revision revision)
    {
        Providers = revision.Resources.Where(r => r.Kind == LlmProviderKind.Schema.Kind)
            .Select(r => new Provider(r.Name, r.Uid, ModelJson.Provider(r.Spec), revision))
            .ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);
        All = [.. revision.Resources.Where(r => r.Kind == LlmRouteKind.Schema.Kind).Select(RouteOf).OrderBy(r => r.Name, StringComparer.Ordinal)];
        Routes = [.. All.Where(r => r.Spec.Enabled)];
        var names = Routes.SelectMany(r => r.Spec.NamesOf(r.Name).Select(n => (Name: n, Route: r))).ToArray();

        // Admission lets no name be claimed twice; a rollback may, and then the first route by name has it.
        _exact = names.Where(n => !ModelNames.IsPattern(n.Name)).DistinctBy(n => n.Name).ToFrozenDictionary(n => n.Name, n => n.Route, StringComparer.Ordinal);
        _prefixes = [.. names.Where(n => ModelNames.IsPattern(n.Name)).Select(n => (n.Name[..^1], n.Route)).OrderByDescending(n => n.Item1.Length)];
        Names = [.. names.Where(n => !ModelNames.IsPattern(n.Name)).Select(n => n.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public FrozenDictionary<string, Provider> Providers { get; }

    /// <summary>Every route, disabled ones included, by name.</summary>
    public IReadOnlyList<ModelRoute> All { get; }

    /// <summary>Those that are enabled, by name.</summary>
    public IReadOnlyList<ModelRoute> Routes { get; }

    /// <summary>What calls of each route are charged to, for the books; it serves nobody.</summary>
    public IEnumerable<Target> Targets => Routes.Select(r => new ModelTarget(r.Name, r.Name, r.Spec, []));

    /// <summary>Every exact name, in the order in which lists show them. Patterns are not names, so they stand in no list.</summary>
    public IReadOnlyList<string> Names { get; }

    public static ModelCatalog Of(Revision revision) => revision.View(View);

    public ModelRoute? Find(string model)
    {
        if (_exact.TryGetValue(model, out var exact))
        {
            return exact;
        }

        // What a pattern lets through goes into URLs and bodies as it is, so it must be a name.
        var known = Array.Find(_prefixes, p => model.StartsWith(p.Prefix, StringComparison.Ordinal)).Route;
        return known is not null && TextRule.ModelName.Accepts(model) ? known : null;
    }

    /// <summary>The names that this caller may use: what it may not use stands in no list.</summary>
    public IEnumerable<string> NamesFor(Caller caller)
    {
        var plans = PlanView.Of(caller.Revision!);
        return Names.Where(n => caller.Models.Allows(n) && plans.AllowsModel(caller.Name, n));
    }

    private ModelRoute RouteOf(Resource resource)
    {
        var spec = ModelJson.Route(resource.Spec);

        // A rollback may restore a route and not its provider; the target is then as good as disabled.
        return new(resource.Name, resource.CreatedAt, spec, [.. spec.Targets.Where(t => Providers.ContainsKey(t.Provider)).Select(t => new RouteTargetAt(t, Providers[t.Provider]))]);
    }
}

/// <summary>An LlmRoute of one revision.</summary>
/// <param name="CreatedAt">For lists of models, which show when each came to be.</param>
internal sealed record ModelRoute(string Name, DateTimeOffset CreatedAt, LlmRouteSpec Spec, IReadOnlyList<RouteTargetAt> Targets);

/// <summary>A target with its provider.</summary>
internal sealed record RouteTargetAt(RouteTarget Target, Provider Provider);
