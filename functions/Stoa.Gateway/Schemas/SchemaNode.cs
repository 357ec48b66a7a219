using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// A compiled (sub)schema: the rules that a value must keep, cheap ones first. References make these a graph, so nodes exist before their
/// rules; nothing
/// changes after compilation.
/// </summary>
internal sealed class SchemaNode(SchemaResource resource)
{
    private Rule[] _rules = [];

    /// <summary>The resource it belongs to, for <c>$dynamicRef</c>.</summary>
    public SchemaResource Resource => resource;

    public IReadOnlyList<Rule> Rules => _rules;

    /// <summary>Whether this is the schema <c>false</c>.</summary>
    public bool RefusesAll { get; private set; }

    /// <summary>Whether an unevaluated* keyword stands here, so that the keywords beside it must keep marks.</summary>
    public bool NeedsMarks { get; private set; }

    public void Complete(Rule[] rules, bool refusesAll = false, bool needsMarks = false) =>
        (_rules, RefusesAll, NeedsMarks) = (rules, refusesAll, needsMarks);

    public bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (!run.Enter(this))
        {
            return false;
        }

        var kind = (Kinds)(1 << (int)instance.ValueKind);
        var own = NeedsMarks ? Marks.For(instance) : marks;
        var valid = true;
        foreach (var rule in _rules)
        {
            if ((rule.AppliesTo & kind) != 0 && !rule.Check(instance, ref run, own))
            {
                valid = false;
                if (!run.Explains)
                {
                    break;
                }
            }
        }

        run.Leave();
        if (NeedsMarks && valid)
        {
            marks?.Add(own);
        }

        return valid;
    }
}
