using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>
/// Cuts a YAML stream where documents end. Safe before parsing: a line that starts with <c>---</c> or <c>...</c> and a space or its end
/// is a document marker wherever it stands, even inside quotes and block texts (YAML 1.2.2 §9.1.2, c-forbidden). So a fault in one
/// document leaves the others readable.
/// </summary>
internal static class YamlChunks
{
    public static List<YamlChunk> Of(string text)
    {
        var chunks = new List<YamlChunk>();
        var (start, startLine, line, offset) = (0, 1, 1, 0);
        var hasContent = false;
        while (offset < text.Length)
        {
            var end = text.AsSpan(offset).IndexOfAny('\n', '\r');
            var next = end < 0 ? text.Length : offset + end + (text.AsSpan(offset + end).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1);
            var content = text.AsSpan(offset, (end < 0 ? text.Length : offset + end) - offset);

            var opens = IsMarker(content, "---");
            var closes = IsMarker(content, "...");
            if (opens && hasContent)
            {
                Add(start, offset);
                (start, startLine) = (offset, line);
            }

            hasContent |= opens || !IsPreamble(content);
            offset = next;
            line++;
            if (closes)
            {
                Add(start, offset);
                (start, startLine, hasContent) = (offset, line, false);
            }
        }

        Add(start, text.Length);
        return chunks;

        void Add(int from, int to)
        {
            // A thousand bare markers must not cost a thousand parsers.
            if (text.AsSpan(from, to - from).Trim() is not ("" or "---" or "..."))
            {
                chunks.Add(new(text[from..to], startLine));
            }
        }
    }

    private static bool IsMarker(ReadOnlySpan<char> line, string marker) =>
        line.StartsWith(marker, StringComparison.Ordinal) && (line.Length == 3 || line[3] is ' ' or '\t');

    /// <summary>Blank lines, comments and directives belong to the document that follows.</summary>
    private static bool IsPreamble(ReadOnlySpan<char> line) => line.TrimStart(' ') is [] or ['#', ..] || line[0] == '%';
}

/// <summary>The text of at most one document and the line it starts on.</summary>
internal readonly record struct YamlChunk(string Text, int FirstLine)
{
    /// <summary>Where a scalar's first character stands if the others follow line below line, column by column; else nowhere.</summary>
    public Position TextAt(Scalar scalar)
    {
        var (line, column) = ((int)scalar.Start.Line + FirstLine - 1, (int)scalar.Start.Column);
        if (scalar.Style is ScalarStyle.Literal)
        {
            return IndentOf(scalar.Start.Index) is { } indent ? new(line + 1, indent + 1) : default;
        }

        // Folded over lines, or with escapes, the characters stand elsewhere.
        var quote = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1 : 0;
        var isInOneLine = scalar.Start.Line == scalar.End.Line && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + (2 * quote);
        return isInOneLine && scalar.Style is not ScalarStyle.Folded ? new(line, column + quote) : default;
    }

    /// <summary>By how much the lines of a block text are indented; null when its header, which starts at the index, says so itself.</summary>
    private int? IndentOf(long header)
    {
        var rest = Text.AsSpan((int)Math.Min(header, Text.Length));
        var end = rest.IndexOfAny('\r', '\n');
        if (end < 1 || rest[0] != '|' || rest[1..end].ContainsAnyInRange('0', '9'))
        {
            return null;
        }

        rest = rest[end..];
        var content = rest.IndexOfAnyExcept("\r\n ");
        return content < 0 ? null : content - (rest[..content].LastIndexOfAny('\r', '\n') + 1);
    }
}
