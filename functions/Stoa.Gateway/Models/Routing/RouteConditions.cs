namespace Stoa.Gateway.Models.Routing;

/// <summary>Whether a target is for this call.</summary>
internal static class RouteConditions
{
    /// <param name="plan">The plan that the caller is on; null for none.</param>
    public static bool Hold(RouteCondition? when, ModelCall call, string? plan) => when is null
        || ((when.Consumers?.Contains(call.Caller.Name, StringComparer.Ordinal) ?? true)
            && (when.Plans is null || (plan is not null && when.Plans.Contains(plan, StringComparer.Ordinal)))
            && (when.Tags?.All(t => call.Request.Tags.TryGetValue(t.Key, out var value) && value == t.Value) ?? true)
            && (when.Headers?.All(h => call.Header(h.Key) == h.Value) ?? true));
}
