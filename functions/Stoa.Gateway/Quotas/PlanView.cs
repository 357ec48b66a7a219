using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Quotas;

/// <summary>A revision as this slice reads it: what the plans of its consumers let them do.</summary>
internal sealed class PlanView
{
    private static readonly RevisionView<PlanView> View = new(static _ => new PlanView());

    public static PlanView Of(Revision revision) => revision.View(View);

    /// <summary>The plan that the consumer is on; null for none.</summary>
    public string? PlanOf(string consumer) => null;

    public bool AllowsModel(string consumer, string model) => true;

    /// <summary>Whether the consumer may pick the provider itself, by header.</summary>
    public bool AllowsProviderOverride(string consumer) => true;
}
