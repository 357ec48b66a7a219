using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Routing;

/// <summary>A model as callers name it, resolved for one call: the route and the targets that may serve it, in the order to try.</summary>
internal sealed class ModelTarget(string name, string routeName, LlmRouteSpec route, IReadOnlyList<Candidate> candidates) : Target
{
    public override string Name => name;

    public override Scopes RequiredScope => Scopes.Read;

    public override AuditMode Audit => route.Audit;

    public override TargetQuota? Quota { get; } = route.QuotaPolicyRef is { } policy ? new(policy.Name, null) : null;

    public LlmRouteSpec Route => route;

    /// <summary>The LlmRoute that serves it.</summary>
    public string RouteName => routeName;

    /// <summary>At least one.</summary>
    public IReadOnlyList<Candidate> Candidates => candidates;
}
