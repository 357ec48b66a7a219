using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// The state of one validation, on the stack: how many steps and levels are left, which resources it is in, and, when someone wants to know
/// why a value fails, the <see cref="Schemas.Trace"/>. Without a trace the first failure ends it and nothing is allocated.
/// </summary>
internal ref struct Evaluation(SchemaOptions limits, DynamicScope? scope, Trace? trace)
{
    private long _steps = limits.MaxSteps;
    private int _levels = limits.MaxDepth;
    private Trace? _trace = trace;

    /// <summary>
    /// Set when a limit was hit. From then on every node fails, and the value counts as invalid whatever a <c>not</c> makes of that.
    /// </summary>
    public string? Stopped { get; private set; }

    public readonly bool Explains => _trace is not null;

    /// <summary>Only for rules that explain.</summary>
    public readonly Trace Trace => _trace!;

    public readonly DynamicScope? Scope => scope;

    public bool Enter(SchemaNode node)
    {
        if (!Spend(1))
        {
            return false;
        }

        if (_levels == 0)
        {
            Stopped = "is nested too deep for its schema";
            return false;
        }

        _levels--;
        scope?.Enter(node.Resource);
        return true;
    }

    public void Leave()
    {
        _levels++;
        scope?.Leave();
    }

    /// <summary>Takes steps from the budget; false when it is spent.</summary>
    public bool Spend(long steps)
    {
        if (Stopped is null && (_steps -= steps) < 0)
        {
            Stopped = "takes too many steps to validate";
        }

        return Stopped is null;
    }

    /// <summary>Text costs a step per 64 bytes beyond the one for looking at it.</summary>
    public bool SpendOnText(scoped ReadOnlySpan<byte> text) => Spend(1 + (text.Length >> 6));

    /// <summary>False, with a finding if someone wants to know.</summary>
    public readonly bool Fail(Rule rule)
    {
        _trace?.Add(rule.Site, rule.Demand);
        return false;
    }

    /// <summary>Applies a subschema to a member of the current object.</summary>
    public bool CheckMember(SchemaNode node, in JsonProperty member)
    {
        if (_trace is not { } trace)
        {
            return node.Check(member.Value, ref this, marks: null);
        }

        var here = trace.Enter(member);
        var valid = node.Check(member.Value, ref this, marks: null);
        trace.Leave(here);
        return valid;
    }

    /// <summary>Applies a subschema to an item of the current array.</summary>
    public bool CheckItem(SchemaNode node, in JsonElement item, int index)
    {
        if (_trace is not { } trace)
        {
            return node.Check(item, ref this, marks: null);
        }

        var here = trace.Enter(index);
        var valid = node.Check(item, ref this, marks: null);
        trace.Leave(here);
        return valid;
    }

    /// <summary>Applies a subschema whose failure is no finding by itself, as in <c>if</c> and <c>not</c>.</summary>
    public bool CheckQuietly(SchemaNode node, in JsonElement instance, Marks? marks) => CheckInto(null, node, instance, marks);

    /// <summary>Applies a subschema with findings of its own, as a branch of <c>anyOf</c>.</summary>
    public bool CheckInto(Trace? branch, SchemaNode node, in JsonElement instance, Marks? marks)
    {
        var outer = _trace;
        _trace = branch;
        var valid = node.Check(instance, ref this, marks);
        _trace = outer;
        return valid;
    }
}
