namespace Stoa.Gateway.Resources.Reading;

/// <summary>
/// One value of a document with its place in the text. Immutable and shared: a YAML alias is the same node twice, so what was written
/// small stays small in memory. <see cref="Weight"/> counts as if it were written out.
/// </summary>
internal abstract class Node(Position at, NodeWeight weight)
{
    public Position At => at;

    public NodeWeight Weight => weight;
}

/// <summary>A text, number, flag or null.</summary>
/// <param name="at">Where it starts.</param>
/// <param name="kind">What it is by the YAML 1.2 core schema, or by JSON.</param>
/// <param name="text">The text itself; <c>true</c> or <c>false</c>; a number as <see cref="NumberText"/> spells it; else empty.</param>
/// <param name="textAt">Where the text's first character stands, when all others follow from it: line below line, column by column; else nowhere.</param>
internal sealed class ScalarNode(Position at, ScalarKind kind, string text, Position textAt = default) : Node(at, new(1, text.Length, 0))
{
    public Position TextAt => textAt;

    public ScalarKind Kind => kind;

    public string Text => text;

    public bool IsInteger => kind is ScalarKind.Number && !text.AsSpan().ContainsAny('.', 'e');
}

internal enum ScalarKind
{
    Null,
    Flag,
    Number,
    Text,

    /// <summary>Infinity, not-a-number, or beyond what JSON readers can hold.</summary>
    Unrepresentable,
}

internal sealed class ListNode(Position at, IReadOnlyList<Node> items) : Node(at, NodeWeight.Around(items))
{
    public IReadOnlyList<Node> Items => items;
}

/// <summary>Keys are unique.</summary>
internal sealed class MapNode(Position at, IReadOnlyList<MapEntry> entries) : Node(at, NodeWeight.Around(entries))
{
    public IReadOnlyList<MapEntry> Entries => entries;

    public Node? this[string key]
    {
        get
        {
            foreach (var entry in entries)
            {
                if (entry.Key == key)
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }
}

internal readonly record struct MapEntry(string Key, Position KeyAt, Node Value);

/// <summary>What a node would cost written out: nodes (keys included), characters, and levels below it.</summary>
internal readonly record struct NodeWeight(long Nodes, long Characters, int Height)
{
    public static NodeWeight Around(IReadOnlyList<Node> items)
    {
        var (nodes, characters, height) = (1L, 0L, 0);
        foreach (var item in items)
        {
            nodes += item.Weight.Nodes;
            characters += item.Weight.Characters;
            height = Math.Max(height, item.Weight.Height + 1);
        }

        return new(nodes, characters, height);
    }

    public static NodeWeight Around(IReadOnlyList<MapEntry> entries)
    {
        var (nodes, characters, height) = (1L, 0L, 0);
        foreach (var entry in entries)
        {
            nodes += entry.Value.Weight.Nodes + 1;
            characters += entry.Value.Weight.Characters + entry.Key.Length;
            height = Math.Max(height, entry.Value.Weight.Height + 1);
        }

        return new(nodes, characters, height);
    }
}
