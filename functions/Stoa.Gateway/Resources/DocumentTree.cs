using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources;

/// <summary>A document after its fields were read: main spellings, declared order, defaults in place, each part with its place in the text.</summary>
internal sealed class DocumentTree(MapNode root)
{
    public MapNode Root => root;

    public Node? Find(string path) => NodePath.Find(root, path, out _);

    /// <summary>The text at the path; null when there is nothing or something else.</summary>
    public string? Text(string path) => Find(path) is ScalarNode { Kind: ScalarKind.Text } scalar ? scalar.Text : null;

    /// <summary>True when the author wrote it. The position is that of the nearest thing around it otherwise.</summary>
    public bool TryLocate(string path, out Position at) => NodePath.Find(root, path, out at) is { At.IsInText: true };

    public ResourceFault Fault(string path, string reason)
    {
        TryLocate(path, out var at);
        return new(at.Line, at.Column, path, reason);
    }

    /// <summary>A fault at a place within the text of a field: there, if that place is known in the document, else at the field and in words.</summary>
    public ResourceFault Fault(string path, Position inText, string reason) => Find(path) is ScalarNode { TextAt: { IsInText: true } at }
        ? new(at.Line + inText.Line - 1, at.Column + inText.Column - 1, path, reason)
        : Fault(path, $"Line {inText.Line}, column {inText.Column} of the text: {reason}");
}
