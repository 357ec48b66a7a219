using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Quotas;

/// <summary>The spec of a <c>Plan</c>; <see cref="PlanKind"/> says what each field means.</summary>
/// <param name="Quota">At most one of the two is given.</param>
/// <param name="Models">Null means every model, an empty list none; tools likewise.</param>
internal sealed record PlanSpec(
    string? DisplayName,
    string? Description,
    QuotaPolicySpec? Quota,
    QuotaPolicyRef? QuotaPolicyRef,
    IReadOnlyList<string>? Models,
    IReadOnlyList<string>? Tools,
    bool AllowProviderOverride,
    bool RequiresApproval,
    TrialSpec? Trial);

internal sealed record TrialSpec(int Days);
