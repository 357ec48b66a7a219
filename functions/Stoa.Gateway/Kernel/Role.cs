namespace Stoa.Gateway.Kernel;

/// <summary>What a caller may see of the management API; what it may change also needs <see cref="Scopes.Admin"/>.</summary>
public enum Role
{
    /// <summary>Calls tools and models only.</summary>
    None,

    /// <summary>Reads its own tenant's configuration.</summary>
    Viewer,

    /// <summary>Manages its own tenant, save creating and deleting it.</summary>
    TenantAdmin,

    /// <summary>Manages every tenant. Held by the bootstrap administrator key only.</summary>
    PlatformAdmin,
}
