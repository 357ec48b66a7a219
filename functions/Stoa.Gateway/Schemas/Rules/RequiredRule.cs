using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary>
/// Names that an object must have: <c>required</c>, and with a <paramref name="trigger"/> one entry of <c>dependentRequired</c>, which asks
/// only where the
/// trigger is present.
/// </summary>
internal sealed class RequiredRule(RuleSite site, NameTable names, MemberName? trigger = null) : Rule(site, Kinds.Object)
{
    private const int StackWords = 8;

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (!run.Spend(instance.GetPropertyCount()) || (trigger is not null && !trigger.IsIn(instance)))
        {
            return run.Stopped is null;
        }

        var words = (names.Names.Count + 63) / 64;
        Span<ulong> seen = stackalloc ulong[StackWords];
        seen = words <= StackWords ? seen : new ulong[words];
        var missing = names.Names.Count;
        foreach (var member in instance.EnumerateObject())
        {
            var index = names.IndexOf(JsonString.Raw(member));
            if (index >= 0 && (seen[index >> 6] & (1UL << index)) == 0)
            {
                seen[index >> 6] |= 1UL << index;
                missing--;
            }
        }

        if (missing > 0 && run.Explains)
        {
            Explain(seen, run.Trace);
        }

        return missing == 0;
    }

    private void Explain(ReadOnlySpan<ulong> seen, Trace trace)
    {
        var because = trigger is null ? "" : $" because \"{trigger}\" is there";
        for (var i = 0; i < names.Names.Count; i++)
        {
            if ((seen[i >> 6] & (1UL << i)) == 0)
            {
                trace.Add(Site, $"must have the property \"{names.Names[i]}\"{because}");
            }
        }
    }
}
