namespace Stoa.Gateway.Resources.Reading;

/// <summary>What one request may hold, over all its documents, aliases written out.</summary>
internal sealed class NodeBudget
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 500_000;
    public const int MaxCharacters = 16 * 1024 * 1024;

    public static readonly string TooDeep = $"Nested more than {MaxDepth} levels deep; flatten the document.";

    public static readonly string TooLarge =
        $"The request holds more than {MaxNodes:N0} values or {MaxCharacters:N0} characters, aliases written out. Nothing of it was applied; send it in several requests.";

    private long _nodes;
    private long _characters;

    /// <summary>True once something did not fit: what follows in the request is not read.</summary>
    public bool IsSpent => _nodes > MaxNodes || _characters > MaxCharacters;

    public bool TryTake(NodeWeight weight)
    {
        _nodes += weight.Nodes;
        _characters += weight.Characters;
        return !IsSpent;
    }
}
