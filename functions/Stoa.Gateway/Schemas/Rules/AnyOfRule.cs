using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>anyOf</c>, and <c>oneOf</c> where a second match is a failure.</summary>
internal sealed class AnyOfRule(RuleSite site, SchemaNode[] branches, bool exactlyOne) : Rule(site)
{
    public override string Demand => exactlyOne
        ? $"must match exactly one of {branches.Length} alternatives"
        : $"must match one of {branches.Length} alternatives";

    public override IEnumerable<SchemaNode> SameInstance => branches;

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var matches = 0;
        Trace? nearest = null;
        foreach (var branch in branches)
        {
            var trace = run.Explains ? run.Trace.Branch() : null;
            var marked = marks?.Branch();
            if (run.CheckInto(trace, branch, instance, marked))
            {
                matches++;
                marks?.Add(marked);

                // Marks want every branch; otherwise the first match decides anyOf and the second oneOf.
                if (exactlyOne ? matches == 2 : marks is null)
                {
                    break;
                }
            }
            else
            {
                nearest = Nearer(nearest, trace);
            }
        }

        return exactlyOne ? matches == 1 || Explain(matches, nearest, ref run) : matches > 0 || Explain(matches, nearest, ref run);
    }

    private bool Explain(int matches, Trace? nearest, ref Evaluation run)
    {
        if (!run.Explains)
        {
            return false;
        }

        if (matches > 1)
        {
            run.Trace.Add(Site, $"{Demand} but matches more");
            return false;
        }

        run.Trace.Add(Site, nearest is null ? Demand : $"{Demand}; what the nearest misses follows");
        if (nearest is not null)
        {
            run.Trace.Add(nearest);
        }

        return false;
    }

    /// <summary>The alternative that was probably meant: it got deepest into the value, then had least to complain about.</summary>
    private static Trace? Nearer(Trace? best, Trace? next)
    {
        if (best is null || next is null || best.Findings.Count == 0 || next.Findings.Count == 0)
        {
            return next is { Findings.Count: > 0 } ? next : best;
        }

        var deeper = Depth(next).CompareTo(Depth(best));
        return deeper > 0 || (deeper == 0 && next.Findings.Count < best.Findings.Count) ? next : best;
    }

    private static int Depth(Trace trace) => trace.Findings[0].InstancePath.AsSpan().Count('/');
}
