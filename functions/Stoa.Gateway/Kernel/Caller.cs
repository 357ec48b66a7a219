namespace Stoa.Gateway.Kernel;

/// <summary>Who calls, once identified. One instance serves every call of a credential until its key or its tenant's revision changes.</summary>
public sealed class Caller
{
    /// <summary>The tenant's configuration in force; null for a platform administrator, who belongs to no tenant.</summary>
    public required Revision? Revision { get; init; }

    /// <summary>The consumer's name, or <c>administrator</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Names the credential, never reveals it.</summary>
    public required string CredentialId { get; init; }

    /// <summary>How the caller proved itself, for example <c>api_key</c>.</summary>
    public required string AuthMethod { get; init; }

    public required Scopes Scopes { get; init; }

    public required Role Role { get; init; }

    public required ToolFilter Tools { get; init; }

    /// <summary>The models that exist for it.</summary>
    public ToolFilter Models { get; init; } = ToolFilter.All;

    /// <summary>Known, but not let in until somebody lifts it.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>The key that the credential is bound to (RFC 7800 <c>cnf</c> thumbprint), or null for a bearer credential such as an API key.</summary>
    public string? Confirmation { get; init; }

    public TenantId Tenant => (Revision ?? throw new InvalidOperationException("A platform administrator has no tenant.")).Tenant;

    public bool Has(Scopes scopes) => (Scopes & scopes) == scopes;
}
