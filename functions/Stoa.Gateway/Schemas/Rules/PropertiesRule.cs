using System.Text.Json;
using Stoa.Gateway.Schemas.Json;
using Stoa.Gateway.Schemas.Patterns;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary>
/// <c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c> in one walk over the object, because the last is about what
/// the others
/// leave over.
/// </summary>
internal sealed class PropertiesRule(
    RuleSite site,
    NameTable names,
    SchemaNode[] named,
    (Pattern Pattern, SchemaNode Node)[] patterned,
    SchemaNode? additional) : Rule(site, Kinds.Object)
{
    public IReadOnlyList<string> KnownNames => names.Names;

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var valid = true;
        var index = 0;
        foreach (var member in instance.EnumerateObject())
        {
            valid &= run.SpendOnText(JsonString.Raw(member)) && CheckMember(member, index++, ref run, marks);
            if (!valid && (!run.Explains || run.Stopped is not null))
            {
                return false;
            }
        }

        return valid;
    }

    private bool CheckMember(in JsonProperty member, int index, ref Evaluation run, Marks? marks)
    {
        var name = JsonString.Raw(member);
        var valid = true;
        var known = names.IndexOf(name);
        var covered = known >= 0;
        if (covered)
        {
            valid = run.CheckMember(named[known], member);
        }

        foreach (var (pattern, node) in patterned)
        {
            if (run.Spend(pattern.StepsFor(name)) && pattern.IsMatch(name))
            {
                covered = true;
                valid &= run.CheckMember(node, member);
            }
        }

        if (!covered && additional is not null)
        {
            covered = true;
            valid = additional.RefusesAll ? Refuse(member, ref run) : run.CheckMember(additional, member);
        }

        if (covered)
        {
            marks?.Set(index);
        }

        return valid;
    }

    private bool Refuse(in JsonProperty member, ref Evaluation run)
    {
        if (run.Explains)
        {
            run.Trace.AddUnknown(Site, member, KnownNames);
        }

        return false;
    }
}
