using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms, compared exactly.</summary>
internal sealed class BoundRule(RuleSite site, string bound, BoundRule.Side side) : Rule(site, Kinds.Number)
{
    private readonly byte[] _bound = Encoding.ASCII.GetBytes(bound);

    public enum Side
    {
        AtLeast,
        AtMost,
        Above,
        Below,
    }

    public override string Demand => side switch
    {
        Side.AtLeast => $"must be at least {bound}",
        Side.AtMost => $"must be at most {bound}",
        Side.Above => $"must be greater than {bound}",
        _ => $"must be less than {bound}",
    };

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var number = JsonMarshal.GetRawUtf8Value(instance);
        if (!run.SpendOnText(number))
        {
            return false;
        }

        var order = JsonNumber.Compare(number, _bound);
        var holds = side switch
        {
            Side.AtLeast => order >= 0,
            Side.AtMost => order <= 0,
            Side.Above => order > 0,
            _ => order < 0,
        };
        return holds || run.Fail(this);
    }
}
