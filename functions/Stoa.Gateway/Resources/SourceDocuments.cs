using System.Text;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources;

/// <summary>
/// Finds the documents in the bytes of a request: a YAML stream, or JSON when the first character is <c>{</c> or <c>[</c>; in both a
/// document may also be a list of documents, bare or under <c>items</c>.
/// </summary>
internal static class SourceDocuments
{
    /// <summary>A root, or null when its document could not be read on, and what was found wrong so far.</summary>
    public static IEnumerable<(Node? Root, FaultList Faults)> Of(ReadOnlyMemory<byte> body)
    {
        var text = SourceText.WithoutMark(body);
        if (SourceText.Check(text.Span) is { } fault)
        {
            var faults = new FaultList();
            faults.Add(fault);
            return [(null, faults)];
        }

        var budget = new NodeBudget();
        return IsJson(text.Span)
            ? Json(text, budget).SelectMany(Unwrapped)
            : YamlChunks.Of(Encoding.UTF8.GetString(text.Span)).Select(chunk => Yaml(chunk, budget)).Where(IsPresent).SelectMany(Unwrapped);
    }

    private static bool IsJson(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    private static IEnumerable<(Node? Root, FaultList Faults)> Json(ReadOnlyMemory<byte> text, NodeBudget budget)
    {
        var faults = new FaultList();
        yield return (JsonNodes.Read(text.Span, budget, faults), faults);
    }

    private static (Node? Root, FaultList Faults) Yaml(YamlChunk chunk, NodeBudget budget)
    {
        var faults = new FaultList();
        return (YamlNodes.Read(chunk, budget, faults), faults);
    }

    /// <summary>Comments alone, or an empty document between two markers, are nothing.</summary>
    private static bool IsPresent((Node? Root, FaultList Faults) read) =>
        read.Faults.Count > 0 || read.Root is not (null or ScalarNode { Kind: ScalarKind.Null });

    private static IEnumerable<(Node? Root, FaultList Faults)> Unwrapped((Node? Root, FaultList Faults) read)
    {
        if (read.Root is ListNode bare)
        {
            return bare.Items.Select((item, i) => ((Node?)item, Share(read.Faults, $"[{i}]")));
        }

        if (read.Root is MapNode map && map["items"] is ListNode items && map["spec"] is null)
        {
            return items.Items.Select((item, i) => ((Node?)item, Share(read.Faults, $"items[{i}]")));
        }

        return [read];
    }

    /// <summary>The faults found within one item, their paths from that item on.</summary>
    private static FaultList Share(FaultList all, string prefix)
    {
        var share = new FaultList();
        foreach (var fault in all.InOrder().Where(f => f.Path.StartsWith(prefix, StringComparison.Ordinal)))
        {
            share.Add(fault with { Path = fault.Path[prefix.Length..].TrimStart('.') });
        }

        return share;
    }
}
