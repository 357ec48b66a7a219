namespace Stoa.Gateway.Resources.Reading;

/// <summary>What one text may hold, over all its documents, aliases written out.</summary>
internal sealed class NodeBudget(
    int maxNodes = NodeBudget.MaxNodes, string text = "The request", string remedy = "Nothing of it was applied; send it in several requests")
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 500_000;
    public const int MaxCharacters = 16 * 1024 * 1024;

    public static readonly string TooDeep = $"Nested more than {MaxDepth} levels deep; flatten the document.";

    private long _nodes;
    private long _characters;

    public string TooLarge { get; } = $"{text} holds more than {maxNodes:N0} values or {MaxCharacters:N0} characters, aliases written out. {remedy}.";

    /// <summary>True once something did not fit: what follows in the text is not read.</summary>
    public bool IsSpent => _nodes > maxNodes || _characters > MaxCharacters;

    public bool TryTake(NodeWeight weight)
    {
        _nodes += weight.Nodes;
        _characters += weight.Characters;
        return !IsSpent;
    }
}
