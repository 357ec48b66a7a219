using System.Buffers;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>Writes JSON up to a number of bytes; beyond it nothing more is written and <see cref="IsFull"/> is true.</summary>
internal ref struct TemplateOutput(IBufferWriter<byte> output, int maxBytes)
{
    private const int Piece = 1024;

    private int _left = maxBytes;

    public bool IsFull { get; private set; }

    public void Write(scoped ReadOnlySpan<byte> json)
    {
        if (TryTake(json.Length) && json.Length > 0)
        {
            output.Write(json);
        }
    }

    /// <summary>A value's JSON, empty for a missing one, where a value is expected or as a part of a string.</summary>
    public void Write(scoped ReadOnlySpan<byte> value, bool inString, bool asJsonText)
    {
        if (asJsonText)
        {
            var quote = inString ? ""u8 : "\""u8;
            Write(quote);
            WriteEscaped(value.IsEmpty ? "null"u8 : value);
            Write(quote);
        }
        else if (!inString)
        {
            Write(value.IsEmpty ? "null"u8 : value);
        }
        else if (value is [(byte)'"', ..])
        {
            // Between its quotes a JSON string is fit for any other JSON string.
            Write(value[1..^1]);
        }
        else if (value is [(byte)'{' or (byte)'[', ..])
        {
            WriteEscaped(value);
        }
        else if (value is not [(byte)'n', ..])
        {
            Write(value);
        }
    }

    private void WriteEscaped(scoped ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && !IsFull)
        {
            var piece = text[..Math.Min(Piece, text.Length)];
            text = text[piece.Length..];
            var target = output.GetSpan(piece.Length * JsonEscape.MaxGrowth);
            var length = JsonEscape.Escape(piece, target);
            if (TryTake(length))
            {
                output.Advance(length);
            }
        }
    }

    private bool TryTake(int bytes)
    {
        IsFull |= bytes > _left;
        _left -= IsFull ? 0 : bytes;
        return !IsFull;
    }
}
