using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>enum</c>, and <c>const</c> as an enum of one.</summary>
internal sealed class OneOfValuesRule : Rule
{
    private const int MaxQuoted = 400;

    private readonly NameTable _texts;
    private readonly JsonElement[] _others;
    private readonly string _demand;

    /// <summary>The values must outlive the document they come from: clones.</summary>
    public OneOfValuesRule(RuleSite site, IReadOnlyList<JsonElement> values) : base(site)
    {
        _texts = new NameTable([.. values.Where(v => v.ValueKind is JsonValueKind.String).Select(v => v.GetString()!)]);
        _others = [.. values.Where(v => v.ValueKind is not JsonValueKind.String)];
        var quoted = string.Join(", ", values.Select(v => v.GetRawText()));
        quoted = quoted.Length <= MaxQuoted ? quoted : $"{quoted.AsSpan(0, MaxQuoted)}…";
        _demand = values.Count == 1 ? $"must be {quoted}" : $"must be one of {quoted}";
    }

    public override string Demand => _demand;

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (instance.ValueKind is JsonValueKind.String)
        {
            var text = JsonString.Raw(instance);
            return run.SpendOnText(text) && (_texts.IndexOf(text) >= 0 || run.Fail(this));
        }

        if (!run.Spend(instance.ValueKind is JsonValueKind.Number ? _others.Length * CostOf(instance) : _others.Length))
        {
            return false;
        }

        foreach (var value in _others)
        {
            if (JsonEquality.Instance.Equals(instance, value))
            {
                return true;
            }
        }

        return run.Fail(this);
    }

    private static long CostOf(in JsonElement number) => 1 + (JsonMarshal.GetRawUtf8Value(number).Length >> 6);
}
