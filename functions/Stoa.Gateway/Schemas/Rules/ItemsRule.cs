using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>prefixItems</c> for the first items and <c>items</c> for the rest.</summary>
internal sealed class ItemsRule(RuleSite site, SchemaNode[] prefix, SchemaNode? rest) : Rule(site, Kinds.Array)
{
    public override string Demand => $"must have at most {prefix.Length} {(prefix.Length == 1 ? "item" : "items")}";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (rest is { RefusesAll: true } && instance.GetArrayLength() > prefix.Length)
        {
            return run.Fail(this);
        }

        var valid = true;
        var index = 0;
        foreach (var item in instance.EnumerateArray())
        {
            var node = index < prefix.Length ? prefix[index] : rest;
            if (node is null)
            {
                break;
            }

            valid &= run.CheckItem(node, item, index);
            if (!valid && (!run.Explains || run.Stopped is not null))
            {
                return false;
            }

            marks?.Set(index);
            index++;
        }

        return valid;
    }
}
