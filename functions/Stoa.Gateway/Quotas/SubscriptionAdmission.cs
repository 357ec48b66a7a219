using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Quotas;

/// <summary>What becomes of a Subscription that is applied: the spec to store, with the state and the end of the trial that the author left to us.</summary>
internal static class SubscriptionAdmission
{
    /// <param name="existing">What is stored; null for a new one.</param>
    /// <param name="others">All resources that would be in force.</param>
    /// <returns>Null when there are faults.</returns>
    public static ReadOnlyMemory<byte>? Complete(ResourceDocument document, Resource? existing, IEnumerable<Resource> others, DateTimeOffset now, List<ResourceFault> faults)
    {
        var wanted = SubscriptionSpec.Of(document.Spec);
        var before = existing is null ? null : SubscriptionSpec.Of(existing.Spec);
        var all = others.ToList();
        var plan = all.Find(r => r.Kind == PlanKind.Schema.Kind && r.Name == wanted.Plan) is { } found ? PlanView.Read(found) : null;
        if (plan is null)
        {
            // Told already, where references are checked.
            return null;
        }

        if (before is not null)
        {
            Compare(document, before, wanted, now, faults);
        }

        var state = wanted.State ?? before?.State ?? (plan.RequiresApproval ? SubscriptionState.Pending : SubscriptionState.Active);
        if (!SubscriptionStates.IsFinal(state) && Rival(document, wanted, all, now) is { } rival)
        {
            faults.Add(document.Fault("spec.consumer", $"The Consumer `{wanted.Consumer}` has the Subscription `{rival}`; change its plan, or revoke it first."));
        }

        var trialEndsAt = wanted.TrialEndsAt
            ?? (before?.Plan == wanted.Plan ? before.TrialEndsAt : plan.Trial is { } trial ? now.AddDays(trial.Days) : null);
        if (faults.Count > 0)
        {
            return null;
        }

        return (wanted with { State = state, TrialEndsAt = trialEndsAt }).ToJson();
    }

    private static void Compare(ResourceDocument document, SubscriptionSpec before, SubscriptionSpec wanted, DateTimeOffset now, List<ResourceFault> faults)
    {
        var from = before.StateAt(now);
        if (before.Consumer != wanted.Consumer)
        {
            faults.Add(document.Fault("spec.consumer", $"The Subscription is of the Consumer `{before.Consumer}`; make a new one for another."));
        }

        if (SubscriptionStates.IsFinal(from) && (wanted.Plan != before.Plan || wanted.ExpiresAt != before.ExpiresAt || (wanted.TrialEndsAt is { } end && end != before.TrialEndsAt)))
        {
            faults.Add(document.Fault("spec", $"The Subscription is {SubscriptionStates.NameOf(from)}, which is final; make a new one."));
        }

        // What has run out may be written down as it is, and be repeated as it was.
        if (wanted.State is { } to && to != before.State && !SubscriptionStates.MayBecome(from, to))
        {
            faults.Add(document.Fault("spec.state", SubscriptionStates.IsFinal(from)
                ? $"The Subscription is {SubscriptionStates.NameOf(from)}, which is final; make a new one."
                : $"A Subscription that is {SubscriptionStates.NameOf(from)} cannot become {SubscriptionStates.NameOf(to)}."));
        }
    }

    /// <summary>Another subscription of the consumer that is not over.</summary>
    private static string? Rival(ResourceDocument document, SubscriptionSpec wanted, List<Resource> all, DateTimeOffset now) => all
        .Where(r => r.Kind == SubscriptionKind.Schema.Kind && r.Name != document.Name)
        .FirstOrDefault(r => SubscriptionSpec.Of(r.Spec) is var other && other.Consumer == wanted.Consumer && !SubscriptionStates.IsFinal(other.StateAt(now)))?.Name;
}
