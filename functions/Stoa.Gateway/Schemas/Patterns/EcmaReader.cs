using System.Globalization;
using System.Text;

namespace Stoa.Gateway.Schemas.Patterns;

/// <summary>
/// Reads an ECMA-262 pattern with Unicode semantics (the u flag) and writes it for .NET's NonBacktracking engine, which knows UTF-16 units
/// only: a code point beyond the BMP becomes its pair.
/// </summary>
/// <remarks>Two known differences: \b follows .NET's idea of a word, and \p{...} sees no code points beyond the BMP.</remarks>
internal sealed class EcmaReader
{
    private const int MaxLength = 2_000;
    private const int MaxSize = 2_000;
    private const int MaxGroups = 32;
    private const int MaxRepeat = 1_000;

    private readonly EcmaText _text;
    private readonly EcmaCharacters _characters;
    private readonly StringBuilder _out = new();

    private EcmaReader(string source)
    {
        _text = new EcmaText(source);
        _characters = new EcmaCharacters(_text);
    }

    public static EcmaReading Read(string source)
    {
        if (source.Length > MaxLength)
        {
            return new("", 0, null, $"is longer than {MaxLength} characters");
        }

        var reader = new EcmaReader(source);
        var size = reader.Alternatives(MaxGroups);
        if (reader._text.At < source.Length)
        {
            reader._text.Mistake("a ) has no (");
        }

        if (size > MaxSize)
        {
            reader._text.Unsupported($"repeats so much that it grows beyond {MaxSize} elements");
        }

        return new(reader._out.ToString(), (int)Math.Min(size, MaxSize), reader._text.FirstMistake, reader._text.FirstUnsupported);
    }

    private long Alternatives(int levels)
    {
        if (levels == 0)
        {
            _text.Mistake($"groups are nested more than {MaxGroups} deep");
        }

        var size = 0L;
        while (!_text.AtEnd && _text.Source[_text.At] != ')')
        {
            if (_text.Source[_text.At] == '|')
            {
                _text.At++;
                _out.Append('|');
            }
            else
            {
                size += Term(levels);
            }
        }

        return size;
    }

    private long Term(int levels)
    {
        var c = _text.Source[_text.At];
        switch (c)
        {
            case '^':
                return Assertion("^", 1);
            case '$':
                // .NET's own $ would also match before a last line feed.
                return Assertion(@"\z", 1);
            case '\\' when _text.Peek(1) is 'b' or 'B':
                return Assertion(_text.Source.Substring(_text.At, 2), 2);
            case '*' or '+' or '?':
                _text.Mistake($"the {c} has nothing to repeat");
                return 0;
            case '{' when TryCounts(out _, out _):
                _text.Mistake("the { has nothing to repeat");
                return 0;
            case '(':
                return Quantified(Group(levels));
            default:
                return Quantified(Atom(c));
        }
    }

    private long Assertion(string dotNet, int length)
    {
        _text.At += length;
        _out.Append(dotNet);
        return 1;
    }

    private long Atom(char c)
    {
        var set = new CodePointSet();
        if (c == '[')
        {
            _text.At++;
            _characters.ReadClass(set);
        }
        else if (c == '.')
        {
            _text.At++;
            set.AddLineTerminators();
            set.Negate();
        }
        else
        {
            set.Add(_characters.Read(set, inClass: false));
        }

        set.WriteTo(_out);
        return 1;
    }

    private long Group(int levels)
    {
        _text.At++;
        var lookaround = false;
        if (_text.Peek(0) == '?')
        {
            var rest = _text.Source.AsSpan(_text.At);
            lookaround = rest.StartsWith("?=") || rest.StartsWith("?!") || rest.StartsWith("?<=") || rest.StartsWith("?<!");
            if (lookaround)
            {
                _text.Unsupported("looks ahead or behind ((?=, (?!, (?<=, (?<!), which the linear-time engine cannot do");
                _text.At += rest[1] == '<' ? 3 : 2;
            }
            else if (rest.StartsWith("?:"))
            {
                _text.At += 2;
            }
            else if (rest.StartsWith("?<") && rest.IndexOf('>') is var end and > 2 && IsName(rest[2..end]))
            {
                _text.At += end + 1;
            }
            else
            {
                _text.Mistake("(? must be followed by :, a <name> or a lookaround; inline flags and comments are not ECMA-262");
            }
        }

        // Nobody asks for captures.
        _out.Append("(?:");
        var size = Alternatives(levels - 1);
        if (_text.Peek(0) != ')')
        {
            _text.Mistake("a ( has no )");
        }

        _text.At++;
        _out.Append(')');
        return size + 1;
    }

    private long Quantified(long size)
    {
        long times = 1;
        switch (_text.Peek(0))
        {
            case '*' or '+' or '?':
                _out.Append(_text.Source[_text.At++]);
                break;
            case '{' when TryCounts(out var length, out times):
                _out.Append(_text.Source, _text.At, length);
                _text.At += length;
                break;
            default:
                return size;
        }

        if (_text.Peek(0) == '?')
        {
            // Lazy or greedy makes no difference to whether there is a match.
            _text.At++;
        }

        return Math.Min(size * times, int.MaxValue);
    }

    /// <summary>Whether {n}, {n,} or {n,m} stands here; a brace that starts none of these is a brace.</summary>
    private bool TryCounts(out int length, out long times)
    {
        (length, times) = (0, 0);
        var end = _text.Source.IndexOf('}', _text.At);
        var parts = end < 0 ? [] : _text.Source[(_text.At + 1)..end].Split(',');
        if (parts.Length is 0 or > 2 || !IsDigits(parts[0]) || (parts.Length == 2 && parts[1].Length > 0 && !IsDigits(parts[1])))
        {
            return false;
        }

        length = end + 1 - _text.At;
        var least = Count(parts[0]);
        var most = parts.Length == 2 && parts[1].Length > 0 ? Count(parts[1]) : least + parts.Length - 1;
        times = Math.Max(1, most);
        if (most < least)
        {
            _text.Mistake($"{{{parts[0]},{parts[1]}}} has its numbers the wrong way round");
        }
        else if (most > MaxRepeat + 1)
        {
            _text.Unsupported($"repeats more than {MaxRepeat} times");
        }

        return true;
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static long Count(string digits) => digits.Length > 6 ? int.MaxValue : int.Parse(digits, CultureInfo.InvariantCulture);

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$'))
            {
                return false;
            }
        }

        return !char.IsAsciiDigit(name[0]);
    }
}

/// <summary>
/// What a pattern means for .NET; a mistake makes it no ECMA-262 pattern, something unsupported makes it one that cannot run here.
/// </summary>
internal readonly record struct EcmaReading(string DotNet, int Size, string? Mistake, string? Unsupported);
