using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>multipleOf</c>, exactly: 0.3 is a multiple of 0.1. The factor is digits × 10^scale.</summary>
internal sealed class MultipleOfRule(RuleSite site, UInt128 digits, long scale, string factor) : Rule(site, Kinds.Number)
{
    public override string Demand => $"must be a multiple of {factor}";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var raw = JsonMarshal.GetRawUtf8Value(instance);
        return run.SpendOnText(raw) && (new JsonNumber(raw).IsMultipleOf(digits, scale) || run.Fail(this));
    }
}
