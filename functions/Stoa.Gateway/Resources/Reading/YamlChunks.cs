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
internal readonly record struct YamlChunk(string Text, int FirstLine);
