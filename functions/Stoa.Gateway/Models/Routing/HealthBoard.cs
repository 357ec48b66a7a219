using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Models.Routing;

/// <summary>The health of every target that this instance has asked.</summary>
internal sealed class HealthBoard(TimeProvider time)
{
    private readonly IdleMap<(string Tenant, string Provider, string Model), LlmProviderSpec, TargetHealth> _targets =
        new(spec => new(spec, time), static (health, spec) => health.Fits(spec), time);

    /// <summary>The health of the model at the provider as it is configured now.</summary>
    public TargetHealth Of(Provider provider, string model) => _targets.Of((provider.Revision.Uid, provider.Name, model), provider.Spec);

    /// <summary>For people, and for the order of targets: does not count as a use.</summary>
    public TargetHealth? Find(Provider provider, string model) => _targets.Find((provider.Revision.Uid, provider.Name, model), provider.Spec);

    /// <summary>What was seen of the provider's models, by model.</summary>
    public IReadOnlyList<(string Model, TargetHealth Health)> SeenOf(Provider provider) =>
    [
        .. _targets.All.Where(t => t.Key.Tenant == provider.Revision.Uid && t.Key.Provider == provider.Name && t.Value.Fits(provider.Spec))
            .OrderBy(t => t.Key.Model, StringComparer.Ordinal).Select(t => (t.Key.Model, t.Value)),
    ];
}
