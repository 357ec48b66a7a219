using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>propertyNames</c>: each name, taken as a string, must keep the schema.</summary>
internal sealed class PropertyNamesRule(RuleSite site, SchemaNode node) : Rule(site, Kinds.Object)
{
    public override string Demand => "must have no properties";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (node.RefusesAll)
        {
            return instance.GetPropertyCount() == 0 || run.Fail(this);
        }

        var valid = true;
        foreach (var member in instance.EnumerateObject())
        {
            valid &= CheckName(JsonString.Raw(member), ref run);
            if (!valid && (!run.Explains || run.Stopped is not null))
            {
                return false;
            }
        }

        return valid;
    }

    private bool CheckName(scoped ReadOnlySpan<byte> name, ref Evaluation run)
    {
        if (!run.SpendOnText(name))
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(name.Length + 2);
        buffer[0] = buffer[name.Length + 1] = (byte)'"';
        name.CopyTo(buffer.AsSpan(1));
        using var document = JsonDocument.Parse(buffer.AsMemory(0, name.Length + 2));
        if (run.Explains)
        {
            run.Trace.Speak(JsonString.ToString(name));
        }

        var valid = node.Check(document.RootElement, ref run, marks: null);
        if (run.Explains)
        {
            run.Trace.Speak(null);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return valid;
    }
}
