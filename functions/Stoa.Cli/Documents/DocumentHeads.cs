using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Stoa.Cli.Documents;

/// <summary>Which resources a file names, read here because only the gateway's answer to an apply would tell.</summary>
internal static class DocumentHeads
{
    public static IReadOnlyList<DocumentHead> Of(SourceFile file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(file.Text));
        }
        catch (YamlException e)
        {
            throw CommandStop.Usage($"{file.Name}:{e.Start.Line}:{e.Start.Column}: {(e.InnerException ?? e).Message}", "Nothing was sent.");
        }

        var heads = new List<DocumentHead>();
        for (var i = 0; i < stream.Documents.Count; i++)
        {
            var root = stream.Documents[i].RootNode;
            var items = root as YamlSequenceNode ?? (root is YamlMappingNode map && Child(map, "spec") is null ? Child(map, "items") as YamlSequenceNode : null);
            if (items is not null)
            {
                heads.AddRange(items.Select(item => HeadOf(file, item, text: null)));
            }
            else if (root is not YamlScalarNode { Value: null or "" })
            {
                var end = i + 1 < stream.Documents.Count ? stream.Documents[i + 1].RootNode.Start.Line : long.MaxValue;
                heads.Add(HeadOf(file, root, TextBetween(file.Text, root.Start.Line, end)));
            }
        }

        return heads;
    }

    private static DocumentHead HeadOf(SourceFile file, YamlNode root, string? text)
    {
        var metadata = root is YamlMappingNode map ? Child(map, "metadata") as YamlMappingNode : null;
        var head = new DocumentHead(Text(root as YamlMappingNode, "kind"), Text(metadata, "name"), Text(metadata, "namespace"), text, root);
        return head.Kind.Length > 0 && head.Name.Length > 0 ? head : throw CommandStop.Usage(
            $"{file.Name}:{root.Start.Line}:{root.Start.Column}: a document without {(head.Kind.Length == 0 ? "kind" : "metadata.name")}.", "Nothing was sent.");
    }

    /// <summary>The file with nothing but some of its documents, their lines where they were.</summary>
    public static string Only(IReadOnlyList<DocumentHead> heads)
    {
        var texts = heads.Select(head => head.Text!.Split('\n')).ToArray();
        var lines = new string[texts.Max(t => t.Length)];
        foreach (var text in texts)
        {
            var first = Array.FindIndex(text, line => line.Length > 0);
            for (var i = Math.Max(first, 0); i < text.Length; i++)
            {
                lines[i] = text[i];
            }

            // Documents stand apart: the line before each was a mark already, or comes before the first.
            if (first > 0 && !text[first].StartsWith("---", StringComparison.Ordinal))
            {
                lines[first - 1] = "---";
            }
        }

        return string.Join('\n', lines.Select(line => line ?? ""));
    }

    public static YamlNode? Child(YamlMappingNode? map, string name) => map is not null && map.Children.TryGetValue(new YamlScalarNode(name), out var node) ? node : null;

    private static string Text(YamlMappingNode? map, string name) => Child(map, name) is YamlScalarNode { Value: { } text } ? text : "";

    /// <summary>The document by itself, its lines where they are in the file.</summary>
    private static string TextBetween(string text, long firstLine, long endLine)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return new string('\n', (int)firstLine - 1) + string.Join('\n', lines.Skip((int)firstLine - 1).Take((int)Math.Min(endLine - firstLine, lines.Length)).TakeWhile((line, i) => i == 0 || line is not ("---" or "...")));
    }
}

/// <summary>What a document calls itself.</summary>
/// <param name="Namespace">Empty when it names none.</param>
/// <param name="Text">The document's own YAML; null when it stands inside a list.</param>
internal sealed record DocumentHead(string Kind, string Name, string Namespace, string? Text, YamlNode Root);
