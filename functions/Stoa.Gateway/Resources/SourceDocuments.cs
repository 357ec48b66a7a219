using System.Globalization;
using System.Text;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources;

/// <summary>
/// Finds the documents in the bytes of a request: a YAML stream, or JSON when the first character is <c>{</c> or <c>[</c>; in both a
/// document may also be a list of documents, bare or under <c>items</c>.
/// </summary>
internal static class SourceDocuments
{
    /// <summary>Each costs an answer of its own, so a request of a hundred thousand wrong ones must not be answered in full.</summary>
    public const int Most = 10_000;

    /// <summary>
    /// A root, or null when its document could not be read on, and what was found wrong so far. One that ends the request is the last: the
    /// request as a whole is too large, and what follows is unknown.
    /// </summary>
    public static IEnumerable<(Node? Root, FaultList Faults, bool EndsRequest)> Of(ReadOnlyMemory<byte> body)
    {
        var text = SourceText.WithoutMark(body);
        if (SourceText.Check(text.Span) is { } fault)
        {
            var faults = new FaultList();
            faults.Add(fault);
            return [(null, faults, false)];
        }

        var budget = new NodeBudget();
        return Limited(IsJson(text.Span)
            ? Json(text, budget).SelectMany(Unwrapped)
            : YamlChunks.Of(Encoding.UTF8.GetString(text.Span)).Select(chunk => Yaml(chunk, budget)).Where(IsPresent).SelectMany(Unwrapped), budget);
    }

    private static IEnumerable<(Node? Root, FaultList Faults, bool EndsRequest)> Limited(IEnumerable<(Node? Root, FaultList Faults)> documents, NodeBudget budget)
    {
        var count = 0;
        foreach (var (root, faults) in documents)
        {
            if (count++ == Most)
            {
                var tooMany = new FaultList();
                var at = root?.At ?? new(1, 1);
                tooMany.Add(new(at.Line, at.Column, "", $"A request holds at most {Most:N0} documents. Nothing of it was applied; send it in several requests."));
                yield return (null, tooMany, true);
                yield break;
            }

            yield return (root, faults, budget.IsSpent);
            if (budget.IsSpent)
            {
                yield break;
            }
        }
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
            return Items(bare, "", read.Faults);
        }

        if (read.Root is MapNode map && map["items"] is ListNode items && map["spec"] is null)
        {
            foreach (var entry in map.Entries.Where(e => e.Key is not ("items" or "apiVersion" or "kind" or "metadata")))
            {
                new Place(read.Faults).Field(entry.Key).Fault(entry.KeyAt, $"Unknown field {Wording.Quoted(entry.Key)} of a list of documents; remove it.");
            }

            return Items(items, "items", read.Faults);
        }

        return [read];
    }

    /// <summary>Each item with the faults found within it, their paths from the item on. Faults around the items come first, by themselves.</summary>
    private static IEnumerable<(Node? Root, FaultList Faults)> Items(ListNode list, string path, FaultList all)
    {
        if (all.IsFull)
        {
            // Some are not in the list: nothing here may pass as sound.
            yield return (null, all);
            yield break;
        }

        var shares = list.Items.Select(_ => new FaultList()).ToArray();
        var around = new FaultList();
        foreach (var fault in all.InOrder())
        {
            if (IndexIn(fault.Path, path) is { } index && index < shares.Length)
            {
                shares[index].Add(fault with { Path = AfterIndex(fault.Path) });
            }
            else
            {
                around.Add(fault);
            }
        }

        if (around.Count > 0)
        {
            yield return (null, around);
        }

        for (var i = 0; i < shares.Length; i++)
        {
            yield return (list.Items[i], shares[i]);
        }
    }

    /// <summary>The 3 of <c>items[3].spec</c>, when the list is <c>items</c>.</summary>
    private static int? IndexIn(string path, string list)
    {
        if (!path.StartsWith(list + "[", StringComparison.Ordinal))
        {
            return null;
        }

        var digits = path[(list.Length + 1)..path.IndexOf(']', StringComparison.Ordinal)];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    private static string AfterIndex(string path) => path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..].TrimStart('.');
}
