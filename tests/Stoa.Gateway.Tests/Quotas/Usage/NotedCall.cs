using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Quotas.Usage;

/// <summary>A call of the consumer <c>bot</c> of tenant <c>acme</c>, as it stands when it is settled.</summary>
internal sealed class NotedCall(Operation operation, ModelUse? use) : Call(Bot, operation, "rest")
{
    public static readonly Revision Acme = new(TenantId.TryParse("acme", out var id) ? id : default, 1, "uid", [Tenant]);

    private static readonly Caller Bot = new()
    {
        Revision = Acme, Name = "bot", CredentialId = "key_1", AuthMethod = "api_key", Scopes = Scopes.Read, Role = Role.None, Tools = ToolFilter.All,
    };

    private static Resource Tenant => new("Tenant", "acme", "uid", "1", default, default, "{}"u8.ToArray());

    public override ModelUse? Use => use;
}

/// <summary>A target with a name and nothing else.</summary>
internal sealed class Named(string name) : Target
{
    public override string Name => name;

    public override Scopes RequiredScope => Scopes.Read;
}
