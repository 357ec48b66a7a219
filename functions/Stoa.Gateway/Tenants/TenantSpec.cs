namespace Stoa.Gateway.Tenants;

/// <summary>The spec of a <c>Tenant</c>; <see cref="TenantKind"/> says what each field means.</summary>
internal sealed record TenantSpec(
    string? DisplayName, string? Description, bool Suspended, IReadOnlyList<string> AllowedOrigins, QuotaPolicyRef? QuotaPolicyRef = null,
    QuotaPolicyRef? ConsumerQuotaPolicyRef = null, string? Plan = null, bool? RequireSubscription = null, TenantAudit? Audit = null);

/// <param name="Capture">Contents that the audit ledger keeps, sealed.</param>
internal sealed record TenantAudit(IReadOnlyList<Capture> Capture);

internal enum Capture
{
    /// <summary>What calls are made with.</summary>
    Arguments,

    /// <summary>What they are answered with.</summary>
    Results,
}
