namespace Stoa.Gateway.Tenants;

/// <summary>The spec of a <c>Tenant</c>; <see cref="TenantKind"/> says what each field means.</summary>
internal sealed record TenantSpec(
    string? DisplayName, string? Description, bool Suspended, IReadOnlyList<string> AllowedOrigins, QuotaPolicyRef? QuotaPolicyRef = null,
    QuotaPolicyRef? ConsumerQuotaPolicyRef = null, string? Plan = null, bool? RequireSubscription = null);
