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

    private readonly string _source;
    private readonly StringBuilder _out = new();
    private int _at;
    private string? _mistake;
    private string? _unsupported;

    private EcmaReader(string source) => _source = source;

    public static EcmaReading Read(string source)
    {
        if (source.Length > MaxLength)
        {
            return new("", 0, null, $"is longer than {MaxLength} characters");
        }

        var reader = new EcmaReader(source);
        var size = reader.Alternatives(MaxGroups);
        if (reader._at < source.Length)
        {
            reader.Mistake("a ) has no (");
        }

        if (size > MaxSize)
        {
            reader.Unsupported($"repeats so much that it grows beyond {MaxSize} elements");
        }

        return new(reader._out.ToString(), (int)Math.Min(size, MaxSize), reader._mistake, reader._unsupported);
    }

    private bool AtEnd => _at >= _source.Length || _mistake is not null;

    private long Alternatives(int levels)
    {
        if (levels == 0)
        {
            Mistake($"groups are nested more than {MaxGroups} deep");
        }

        var size = 0L;
        while (!AtEnd && _source[_at] != ')')
        {
            if (_source[_at] == '|')
            {
                _at++;
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
        var c = _source[_at];
        switch (c)
        {
            case '^':
                return Assertion("^", 1);
            case '$':
                // .NET's own $ would also match before a last line feed.
                return Assertion(@"\z", 1);
            case '\\' when Peek(1) is 'b' or 'B':
                return Assertion(_source.Substring(_at, 2), 2);
            case '*' or '+' or '?':
                Mistake($"the {c} has nothing to repeat");
                return 0;
            case '{' when TryCounts(out _, out _):
                Mistake("the { has nothing to repeat");
                return 0;
            case '(':
                return Quantified(Group(levels));
            default:
                return Quantified(Atom(c));
        }
    }

    private long Assertion(string dotNet, int length)
    {
        _at += length;
        _out.Append(dotNet);
        return 1;
    }

    private long Atom(char c)
    {
        var set = new CodePointSet();
        if (c == '[')
        {
            _at++;
            ClassContents(set);
        }
        else if (c == '.')
        {
            _at++;
            set.AddLineTerminators();
            set.Negate();
        }
        else
        {
            set.Add(CharacterOrSet(set, inClass: false));
        }

        set.WriteTo(_out);
        return 1;
    }

    private long Group(int levels)
    {
        _at++;
        var lookaround = false;
        if (Peek(0) == '?')
        {
            var rest = _source.AsSpan(_at);
            lookaround = rest.StartsWith("?=") || rest.StartsWith("?!") || rest.StartsWith("?<=") || rest.StartsWith("?<!");
            if (lookaround)
            {
                Unsupported("looks ahead or behind ((?=, (?!, (?<=, (?<!), which the linear-time engine cannot do");
                _at += rest[1] == '<' ? 3 : 2;
            }
            else if (rest.StartsWith("?:"))
            {
                _at += 2;
            }
            else if (rest.StartsWith("?<") && rest.IndexOf('>') is var end and > 2 && IsName(rest[2..end]))
            {
                _at += end + 1;
            }
            else
            {
                Mistake("(? must be followed by :, a <name> or a lookaround; inline flags and comments are not ECMA-262");
            }
        }

        // Nobody asks for captures.
        _out.Append("(?:");
        var size = Alternatives(levels - 1);
        if (Peek(0) != ')')
        {
            Mistake("a ( has no )");
        }

        _at++;
        _out.Append(')');
        return size + 1;
    }

    private long Quantified(long size)
    {
        long times = 1;
        switch (Peek(0))
        {
            case '*' or '+' or '?':
                _out.Append(_source[_at++]);
                break;
            case '{' when TryCounts(out var length, out times):
                _out.Append(_source, _at, length);
                _at += length;
                break;
            default:
                return size;
        }

        if (Peek(0) == '?')
        {
            // Lazy or greedy makes no difference to whether there is a match.
            _at++;
        }

        return Math.Min(size * times, int.MaxValue);
    }

    /// <summary>Whether {n}, {n,} or {n,m} stands here; a brace that starts none of these is a brace.</summary>
    private bool TryCounts(out int length, out long times)
    {
        (length, times) = (0, 0);
        var end = _source.IndexOf('}', _at);
        var parts = end < 0 ? [] : _source[(_at + 1)..end].Split(',');
        if (parts.Length is 0 or > 2 || !IsDigits(parts[0]) || (parts.Length == 2 && parts[1].Length > 0 && !IsDigits(parts[1])))
        {
            return false;
        }

        length = end + 1 - _at;
        var least = Count(parts[0]);
        var most = parts.Length == 2 && parts[1].Length > 0 ? Count(parts[1]) : least + parts.Length - 1;
        times = Math.Max(1, most);
        if (most < least)
        {
            Mistake($"{{{parts[0]},{parts[1]}}} has its numbers the wrong way round");
        }
        else if (most > MaxRepeat + 1)
        {
            Unsupported($"repeats more than {MaxRepeat} times");
        }

        return true;
    }

    private void ClassContents(CodePointSet set)
    {
        var negated = Peek(0) == '^';
        _at += negated ? 1 : 0;
        while (!AtEnd && _source[_at] != ']')
        {
            var low = CharacterOrSet(set, inClass: true);
            if (Peek(0) != '-' || Peek(1) is ']' or '\0')
            {
                set.Add(low);
                continue;
            }

            _at++;
            var high = CharacterOrSet(set, inClass: true);
            if (low is null || high is null || high < low)
            {
                // As in Annex B, [\w-.] means the three; a range that runs backwards means nothing.
                set.Add(low);
                set.Add('-');
                set.Add(high);
                _ = low is null || high is null ? 0 : Mistake("a range in [] has its ends the wrong way round");
                continue;
            }

            set.AddRange(low.Value, high.Value);
        }

        if (AtEnd)
        {
            Mistake("a [ has no ]");
        }

        _at++;
        if (negated)
        {
            set.Negate();
        }
    }

    /// <summary>One code point, or null when it was an escape for many and these went into the set.</summary>
    private int? CharacterOrSet(CodePointSet set, bool inClass)
    {
        var c = _source[_at++];
        if (c != '\\')
        {
            return char.IsHighSurrogate(c) && char.IsLowSurrogate(Peek(0)) ? char.ConvertToUtf32(c, _source[_at++]) : c;
        }

        var escape = Peek(0);
        _at++;
        switch (escape)
        {
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                set.AddClass(escape);
                return null;
            case 'p' or 'P':
                Property(set, negated: escape == 'P');
                return null;
            case 'b' when inClass:
                return '\b';
            case 't' or 'n' or 'v' or 'f' or 'r':
                return "\t\n\v\f\r"["tnvfr".IndexOf(escape)];
            case '0' when !char.IsAsciiDigit(Peek(0)):
                return 0;
            case 'c' when char.IsAsciiLetter(Peek(0)):
                return _source[_at++] & 0x1F;
            case 'x':
                return Hex(2);
            case 'u':
                return Unicode();
            case (>= '0' and <= '9') or 'k':
                Unsupported("refers back to a group, which the linear-time engine cannot do");
                _at = escape == 'k' && _source.IndexOf('>', _at) is var end and > 0 ? end + 1 : _at;
                return 0;
            default:
                return char.IsAsciiLetter(escape) || escape == '\0' ? Mistake($"\\{escape} is no ECMA-262 escape") : escape;
        }
    }

    private void Property(CodePointSet set, bool negated)
    {
        var end = Peek(0) == '{' ? _source.IndexOf('}', _at) : -1;
        if (end < 0)
        {
            Mistake("\\p needs a {property}");
            return;
        }

        var name = _source[(_at + 1)..end];
        _at = end + 1;
        if (!set.TryAddProperty(name, negated))
        {
            Unsupported($"uses the Unicode property {name}; only general categories such as L or Decimal_Number are known here");
        }
    }

    private int Unicode()
    {
        if (Peek(0) == '{')
        {
            var end = _source.IndexOf('}', _at);
            var digits = end < 0 ? "" : _source[(_at + 1)..end];
            _at = end + 1;
            return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) && point is >= 0 and <= 0x10FFFF
                ? point
                : Mistake("\\u{} needs a code point in hexadecimal");
        }

        var unit = Hex(4);
        if (char.IsHighSurrogate((char)unit) && Peek(0) == '\\' && Peek(1) == 'u')
        {
            _at += 2;
            var low = Hex(4);
            return char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)unit, (char)low) : Mistake("a surrogate has no partner");
        }

        return unit;
    }

    private int Hex(int digits)
    {
        if (_at + digits > _source.Length
            || !int.TryParse(_source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return Mistake($"a \\x or \\u escape needs {digits} hexadecimal digits");
        }

        _at += digits;
        return value;
    }

    private char Peek(int ahead) => _at + ahead < _source.Length ? _source[_at + ahead] : '\0';

    private int Mistake(string what)
    {
        _mistake ??= what;
        _at = _source.Length;
        return 0;
    }

    private void Unsupported(string what) => _unsupported ??= what;

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

/// <summary>What a pattern means for .NET; a mistake makes it no ECMA-262 pattern, something unsupported makes it one that cannot run here.</summary>
internal readonly record struct EcmaReading(string DotNet, int Size, string? Mistake, string? Unsupported);
