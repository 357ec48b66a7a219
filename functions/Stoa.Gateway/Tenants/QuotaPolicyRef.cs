using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tenants;

/// <summary>Names a QuotaPolicy of the same tenant.</summary>
internal sealed record QuotaPolicyRef(string Name)
{
    public static ObjectShape Shape { get; } = new(new Field("name", Resources.Shapes.Shape.Text(TextRule.Name), "The QuotaPolicy.") { Required = true });
}
