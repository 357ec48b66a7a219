using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>The bytes of a request as text that both formats may hold: UTF-8, an optional byte order mark dropped, no control characters.</summary>
internal static class SourceText
{
    private static readonly SearchValues<byte> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(b => b is not ('\t' or '\n' or '\r')).Select(b => (byte)b), 0x7F]);

    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    /// <summary>The first thing wrong with the bytes, or null.</summary>
    public static ResourceFault? Check(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny(Forbidden) is var control and >= 0)
        {
            var at = PositionOf(text, control);
            var reason = $"The control character U+{text[control]:X4} is not allowed here; remove it, or write it as an escape in double quotes.";
            return new(at.Line, at.Column, "", reason);
        }

        if (Utf8.IsValid(text))
        {
            return null;
        }

        var offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out var length) is OperationStatus.Done)
        {
            offset += length;
        }

        var bad = PositionOf(text, offset);
        return new(bad.Line, bad.Column, "", "The request is not UTF-8 from here on; save the file as UTF-8.");
    }

    public static Position PositionOf(ReadOnlySpan<byte> text, int offset)
    {
        var track = new PositionTrack();
        return track.MoveTo(text, offset);
    }
}

/// <summary>Turns growing byte offsets into lines and columns, looking at each byte once.</summary>
internal struct PositionTrack
{
    private int _offset;
    private int _line;
    private int _column;

    public Position MoveTo(ReadOnlySpan<byte> text, int offset)
    {
        foreach (var b in text[_offset..offset])
        {
            if (b == '\n')
            {
                _line++;
                _column = 0;
            }
            else if ((b & 0xC0) != 0x80)
            {
                // UTF-8 continuation bytes do not start a character.
                _column++;
            }
        }

        _offset = offset;
        return new(_line + 1, _column + 1);
    }
}
