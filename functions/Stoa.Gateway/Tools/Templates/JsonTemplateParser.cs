namespace Stoa.Gateway.Tools.Templates;

/// <summary>
/// Reads one JSON value in which expressions may stand for values and inside strings, without recursion, and keeps it without the
/// white space between its tokens.
/// </summary>
internal sealed class JsonTemplateParser(TemplateCursor cursor, TemplateParts parts, ExpressionParser? expressions)
{
    /// <summary>Far below the 64 that readers allow, to leave room for the values that come in.</summary>
    public const int MaxDepth = 32;

    private readonly Stack<char> _closers = new();

    private enum Next
    {
        Value,
        ValueOrEnd,
        Name,
        NameOrEnd,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>How deep the deepest expression stands that becomes a value; 0 when it is the whole template, -1 when there is none.</summary>
    public int DeepestValue { get; private set; } = -1;

    /// <summary>Afterwards the cursor stands behind the value.</summary>
    public bool TryReadValue()
    {
        var next = Next.Value;
        while (next is not Next.Nothing)
        {
            cursor.SkipSpace();
            var isRead = next switch
            {
                Next.ValueOrEnd or Next.NameOrEnd when IsCloser() => TryClose(ref next),
                Next.Value or Next.ValueOrEnd => TryReadItem(ref next),
                Next.Name or Next.NameOrEnd => TryReadName(ref next),
                _ => TryReadComma(ref next),
            };
            if (!isRead)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadItem(ref Next next)
    {
        if (cursor.Is("{{") && expressions is not null)
        {
            DeepestValue = Math.Max(DeepestValue, _closers.Count);
            return TryReadExpression(inString: false) && Complete(ref next);
        }

        switch (cursor.Current)
        {
            case '{':
                next = Next.NameOrEnd;
                return TryOpen('{', '}');
            case '[':
                next = Next.ValueOrEnd;
                return TryOpen('[', ']');
            case '"':
                return TryReadString() && Complete(ref next);
            case '-' or (>= '0' and <= '9'):
                return TryReadNumber() && Complete(ref next);
            default:
                return TryReadWord() && Complete(ref next);
        }
    }

    private bool TryOpen(char open, char close)
    {
        if (_closers.Count == MaxDepth)
        {
            return cursor.Fail($"A template is nested at most {MaxDepth} deep.");
        }

        _closers.Push(close);
        cursor.At++;
        parts.Append(open);
        return true;
    }

    private bool IsCloser() => _closers.TryPeek(out var closer) && cursor.Current == closer;

    private bool TryClose(ref Next next)
    {
        cursor.At++;
        parts.Append(_closers.Pop());
        return Complete(ref next);
    }

    private bool Complete(ref Next next)
    {
        next = _closers.Count == 0 ? Next.Nothing : Next.CommaOrEnd;
        return true;
    }

    private bool TryReadComma(ref Next next)
    {
        if (IsCloser())
        {
            return TryClose(ref next);
        }

        var isObject = _closers.Peek() == '}';
        if (!cursor.TryTake(','))
        {
            return cursor.Fail(cursor.IsAtEnd ? $"The JSON ends too early: `{_closers.Peek()}` is missing." : $"Expected `,` or `{_closers.Peek()}`.");
        }

        parts.Append(',');
        next = isObject ? Next.Name : Next.Value;
        return true;
    }

    private bool TryReadName(ref Next next)
    {
        if (cursor.Current != '"')
        {
            return cursor.Fail(
                cursor.IsAtEnd ? "The JSON ends too early: `}` is missing."
                : cursor.Is("{{") ? "A name in a JSON object stands in double quotes, as in \"{{.input.key}}\"."
                : cursor.Current == '}' ? "Remove the comma before this `}`."
                : "Expected a name in double quotes.");
        }

        if (!TryReadString())
        {
            return false;
        }

        cursor.SkipSpace();
        if (!cursor.TryTake(':'))
        {
            return cursor.Fail("Expected `:` after the name.");
        }

        parts.Append(':');
        next = Next.Value;
        return true;
    }

    private bool TryReadString()
    {
        var open = cursor.At++;
        parts.Append('"');
        while (true)
        {
            var start = cursor.At;
            var plain = cursor.Rest[..JsonStringReader.PlainLength(cursor.Rest)];
            var expression = expressions is null ? -1 : plain.IndexOf("{{");
            cursor.At += expression < 0 ? plain.Length : expression;
            parts.Append(cursor.Text.AsSpan(start, cursor.At - start));
            start = cursor.At;
            if (expression >= 0)
            {
                if (!TryReadExpression(inString: true))
                {
                    return false;
                }
            }
            else if (cursor.TryTake('"'))
            {
                parts.Append('"');
                return true;
            }
            else if (cursor.Current != '\\')
            {
                return cursor.IsAtEnd ? cursor.Fail(open, "This string is never closed.") : JsonStringReader.FailAtControl(cursor);
            }
            else if (JsonStringReader.TryTakeEscape(cursor))
            {
                parts.Append(cursor.Text.AsSpan(start, cursor.At - start));
            }
            else
            {
                return false;
            }
        }
    }

    private bool TryReadExpression(bool inString)
    {
        if (expressions!.Read() is not { } expression)
        {
            return false;
        }

        parts.Append(expression, inString);
        return true;
    }

    // RFC 8259 §6.
    private bool TryReadNumber()
    {
        var start = cursor.At;
        cursor.TryTake('-');
        var isNumber = cursor.TryTake('0') || TryTakeDigits();
        isNumber = isNumber && (!cursor.TryTake('.') || TryTakeDigits());
        if (isNumber && (cursor.TryTake('e') || cursor.TryTake('E')))
        {
            _ = cursor.TryTake('+') || cursor.TryTake('-');
            isNumber = TryTakeDigits();
        }

        if (!isNumber || char.IsLetterOrDigit(cursor.Current) || cursor.Current is '.' || (cursor.Is("{{") && expressions is not null))
        {
            return cursor.Fail(start, "This is no JSON number.");
        }

        parts.Append(cursor.Text.AsSpan(start, cursor.At - start));
        return true;
    }

    private bool TryTakeDigits()
    {
        var start = cursor.At;
        while (char.IsAsciiDigit(cursor.Current))
        {
            cursor.At++;
        }

        return cursor.At > start;
    }

    private bool TryReadWord()
    {
        var start = cursor.At;
        if (cursor.TakeWord() is "true" or "false" or "null")
        {
            parts.Append(cursor.Text.AsSpan(start, cursor.At - start));
            return true;
        }

        cursor.At = start;
        return cursor.Fail(
            cursor.IsAtEnd ? (_closers.Count == 0 ? "A JSON value is missing." : "The JSON ends too early: a value is missing.")
            : cursor.Current is ']' or '}' && _closers.Count > 0 ? $"Expected a value before this `{cursor.Current}`; remove a comma that stands before it."
            : cursor.Current is '\'' ? "JSON puts text in double quotes."
            : cursor.Is("//") || cursor.Is("/*") || cursor.Current is '#' ? "JSON has no comments."
            : "Expected a JSON value: \"text\" in double quotes, a number, true, false, null, a list, an object or an expression in {{ }}.");
    }
}
