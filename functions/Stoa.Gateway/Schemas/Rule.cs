using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// A compiled keyword, or a few that only make sense together. Immutable; all state of a validation is in the <see cref="Evaluation"/>.
/// </summary>
internal abstract class Rule(RuleSite site, Kinds appliesTo = Kinds.Any)
{
    public RuleSite Site => site;

    /// <summary>Other kinds pass without being asked.</summary>
    public Kinds AppliesTo => appliesTo;

    /// <summary>What a value that breaks the rule should be: "must be at least 3".</summary>
    public virtual string Demand => "is not allowed here";

    /// <summary>Subschemas that look at the same value as this rule does. A ring of these would never end.</summary>
    public virtual IEnumerable<SchemaNode> SameInstance => [];

    /// <summary>
    /// Whether the value keeps the rule. <paramref name="marks"/> is there only if an unevaluated* keyword wants to know which members or
    /// items have been looked at.
    /// </summary>
    public abstract bool Check(in JsonElement instance, ref Evaluation run, Marks? marks);
}

/// <summary>Where a keyword stands in its schema.</summary>
internal readonly record struct RuleSite(string Keyword, string Location);
