using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>type</c>: one of some kinds, where an integer is any number without a fraction, 1.0 and 1e300 included.</summary>
internal sealed class TypeRule(RuleSite site, Kinds kinds, bool integers, string names) : Rule(site)
{
    public override string Demand => $"must be {names}";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var kind = (Kinds)(1 << (int)instance.ValueKind);
        return (kinds & kind) != 0 || (integers && kind is Kinds.Number && IsInteger(instance, ref run)) || run.Fail(this);
    }

    private static bool IsInteger(in JsonElement number, ref Evaluation run)
    {
        var raw = JsonMarshal.GetRawUtf8Value(number);
        return run.SpendOnText(raw) && new JsonNumber(raw).IsInteger;
    }
}
