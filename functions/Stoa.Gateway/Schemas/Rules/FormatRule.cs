using System.Text.Json;
using Stoa.Gateway.Schemas.Formats;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>format</c> where it asserts.</summary>
internal sealed class FormatRule(RuleSite site, Format format) : Rule(site, Kinds.String)
{
    public override string Demand => $"must be {format.Description}";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var raw = JsonString.Raw(instance);
        if (!run.SpendOnText(raw))
        {
            return false;
        }

        using var text = new Utf16Text(raw, stackalloc char[Utf16Text.ScratchSize]);
        return format.Test(text.Chars) || run.Fail(this);
    }
}
