using System.Text;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>A compiled JSON template in the making, and then what is written: fixed bytes, and between them expressions.</summary>
internal sealed class TemplateParts
{
    private readonly StringBuilder _text = new();
    private readonly List<TemplatePart> _parts = [];
    private int _flushed;
    private byte[]? _bytes;

    /// <summary>All fixed text, one after the other, in UTF-8.</summary>
    public byte[] Text => _bytes ??= Encoding.UTF8.GetBytes(_text.ToString());

    public void Append(char text) => _text.Append(text);

    public void Append(ReadOnlySpan<char> text) => _text.Append(text);

    public void Append(Expression expression, bool inString)
    {
        _parts.Add(new(Taken(), expression, inString));
    }

    /// <summary>Expressions in order, each with the fixed bytes before it, and what is left after the last.</summary>
    public TemplatePart[] ToArray() => [.. _parts, new(Taken(), null, false)];

    private byte[] Taken()
    {
        var fixedText = Encoding.UTF8.GetBytes(_text.ToString(_flushed, _text.Length - _flushed));
        _flushed = _text.Length;
        return fixedText;
    }
}

/// <summary>Fixed bytes, then an expression (null in the last part of a template) as a JSON value or as a part of a string.</summary>
internal readonly record struct TemplatePart(byte[] Before, Expression? Expression, bool InString);
