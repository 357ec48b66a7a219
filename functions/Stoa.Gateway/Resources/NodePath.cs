using System.Buffers;
using System.Globalization;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources;

/// <summary>Finds nodes by path: names joined by dots, <c>[2]</c> for list items, <c>["a.b"]</c> for keys that are not plain names.</summary>
internal static class NodePath
{
    /// <summary>Longer keys are cut, so their path finds nothing: no declared name comes near.</summary>
    private const int LongestKey = 128;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$");

    /// <summary>The path of a key within the thing at the given path.</summary>
    public static string Of(string parent, string key) => parent + Step(key, isFirst: parent.Length == 0);

    /// <summary><c>.key</c>, or <c>["a.b"]</c>.</summary>
    public static string Step(string key, bool isFirst)
    {
        if (key.Length is > 0 and <= LongestKey && !key.AsSpan().ContainsAnyExcept(Plain))
        {
            return isFirst ? key : "." + key;
        }

        var shown = Wording.Shown(key, LongestKey);
        return $"[\"{shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";
    }

    /// <summary>
    /// The node at the path, or null. <paramref name="nearest"/> is the position of its key, or of the closest thing around it that is in
    /// the text, so that a fault about something absent still points somewhere sensible.
    /// </summary>
    public static Node? Find(Node root, ReadOnlySpan<char> path, out Position nearest)
    {
        nearest = root.At;
        var node = root;
        while (!path.IsEmpty)
        {
            if (Step(node, ref path) is not { } step)
            {
                return null;
            }

            node = step.Node;
            nearest = step.At.IsInText ? step.At : nearest;
        }

        return node;
    }

    private static (Node Node, Position At)? Step(Node node, ref ReadOnlySpan<char> path)
    {
        if (path[0] != '[')
        {
            path = path[0] == '.' ? path[1..] : path;
            var end = path.IndexOfAny('.', '[');
            var name = end < 0 ? path : path[..end];
            path = end < 0 ? [] : path[end..];
            return Entry(node, name.ToString());
        }

        if (path.StartsWith("[\"", StringComparison.Ordinal))
        {
            return Quoted(path[2..], out path) is { } key ? Entry(node, key) : null;
        }

        var close = path.IndexOf(']');
        var isIndex = int.TryParse(close < 0 ? [] : path[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        path = close < 0 ? [] : path[(close + 1)..];
        return isIndex && node is ListNode list && index < list.Items.Count ? (list.Items[index], list.Items[index].At) : null;
    }

    private static (Node Node, Position At)? Entry(Node node, string key)
    {
        if (node is MapNode map)
        {
            foreach (var entry in map.Entries)
            {
                if (entry.Key == key)
                {
                    return (entry.Value, entry.KeyAt);
                }
            }
        }

        return null;
    }

    private static string? Quoted(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        var key = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                rest = i + 1 < text.Length && text[i + 1] == ']' ? text[(i + 2)..] : [];
                return key.ToString();
            }

            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            key.Append(text[i]);
        }

        rest = [];
        return null;
    }
}
