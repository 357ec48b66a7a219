using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Secrets;

/// <summary>One key of one Secret of the same tenant.</summary>
internal sealed record SecretRef(string Name, string Key)
{
    public static ObjectShape Shape { get; } = new(
        new("name", Resources.Shapes.Shape.Text(TextRule.Name), "The Secret.") { Required = true },
        new("key", Resources.Shapes.Shape.Text(TextRule.Name), "The key in it.") { Required = true });
}
