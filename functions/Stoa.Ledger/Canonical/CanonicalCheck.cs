using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Stoa.Ledger.Canonical;

/// <summary>Reads one JSON text and sees whether it is in canonical form: the grammar of RFC 8259 with one spelling for every value. Reads it once, one way or the other.</summary>
internal ref struct CanonicalCheck(ReadOnlySpan<byte> json)
{
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("+-.0123456789e"u8);

    private readonly ReadOnlySpan<byte> _json = json;
    private Range _before;
    private bool _isWithin;
    private bool _isBroken;
    private int _at;

    public bool Passes() => Utf8.IsValid(_json) && Value(0) && _at == _json.Length;

    /// <summary>Begins to read an object member by member, while its form is seen to.</summary>
    public bool BeginObject() => Utf8.IsValid(_json) && Take((byte)'{');

    /// <summary>
    /// The next member: what is between the quotes of its name, and its value as it is written. False after the last, and where the form is
    /// not canonical; <see cref="EndObject"/> tells which.
    /// </summary>
    public bool TryReadMember(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        if (_at < _json.Length && _json[_at] == '}')
        {
            return false;
        }

        // Where it breaks off, a brace may stand that would pass for the end.
        _isBroken = !Member(out name, out value);
        return !_isBroken;
    }

    /// <summary>Whether the object ends here, nothing follows, and all of it was canonical.</summary>
    public bool EndObject() => !_isBroken && Take((byte)'}') && _at == _json.Length;

    private bool Member(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        if ((_isWithin && !Take((byte)',')) || !Text(out name) || (_isWithin && NameOrder.Compare(_json[_before], name) >= 0))
        {
            return false;
        }

        _before = (_at - name.Length - 1)..(_at - 1);
        _isWithin = true;
        if (!Take((byte)':'))
        {
            return false;
        }

        var start = _at;
        var isCanonical = Value(1);
        value = isCanonical ? _json[start.._at] : default;
        return isCanonical;
    }

    private bool Value(int depth) => _at < _json.Length && _json[_at] switch
    {
        (byte)'{' => depth < CanonicalJson.MaxDepth && Object(depth + 1),
        (byte)'[' => depth < CanonicalJson.MaxDepth && Array(depth + 1),
        (byte)'"' => Text(out _),
        (byte)'t' => Literal("true"u8),
        (byte)'f' => Literal("false"u8),
        (byte)'n' => Literal("null"u8),
        _ => Number(),
    };

    private bool Object(int depth)
    {
        _at++;
        if (Take((byte)'}'))
        {
            return true;
        }

        var isFirst = true;
        var before = ReadOnlySpan<byte>.Empty;
        do
        {
            if (!Text(out var name) || (!isFirst && NameOrder.Compare(before, name) >= 0) || !Take((byte)':') || !Value(depth))
            {
                return false;
            }

            before = name;
            isFirst = false;
        }
        while (Take((byte)','));

        return Take((byte)'}');
    }

    private bool Array(int depth)
    {
        _at++;
        if (Take((byte)']'))
        {
            return true;
        }

        do
        {
            if (!Value(depth))
            {
                return false;
            }
        }
        while (Take((byte)','));

        return Take((byte)']');
    }

    // Gives what is between the quotes, escapes and all.
    private bool Text(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Take((byte)'"'))
        {
            return false;
        }

        var start = _at;
        while (_json[_at..].IndexOfAny(EndsPlainText) is >= 0 and var plain)
        {
            _at += plain;
            if (Take((byte)'"'))
            {
                text = _json[start..(_at - 1)];
                return true;
            }

            if (!Escape())
            {
                return false;
            }
        }

        return false;
    }

    private bool Escape()
    {
        var rest = _json[_at..];
        if (rest.Length < 2 || rest[0] != '\\')
        {
            return false;
        }

        if (rest[1] is (byte)'"' or (byte)'\\' or (byte)'b' or (byte)'t' or (byte)'n' or (byte)'f' or (byte)'r')
        {
            _at += 2;
            return true;
        }

        // Control characters that have no short escape, in lower-case hex.
        _at += 6;
        return rest.Length >= 6 && rest.StartsWith("\\u00"u8)
            && (rest[4] == '0' ? rest[5] is (>= (byte)'0' and <= (byte)'7') or (byte)'b' or (byte)'e' or (byte)'f'
                : rest[4] == '1' && rest[5] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'));
    }

    private bool Number()
    {
        var rest = _json[_at..];
        var length = rest.IndexOfAnyExcept(NumberCharacters);
        var number = rest[..(length < 0 ? rest.Length : length)];
        _at += number.Length;
        return IsSmallInteger(number) || IsEcma(number);
    }

    // Up to 15 digits a double is exact and written as it is.
    private static bool IsSmallInteger(ReadOnlySpan<byte> number)
    {
        var digits = number is [(byte)'-', ..] ? number[1..] : number;
        return digits.Length is > 0 and <= 15 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (digits[0] != '0' || number.Length == 1);
    }

    private static bool IsEcma(ReadOnlySpan<byte> number)
    {
        Span<byte> canonical = stackalloc byte[EcmaNumber.MaxLength];
        return Utf8Parser.TryParse(number, out double value, out var read) && read == number.Length && double.IsFinite(value)
            && number.SequenceEqual(canonical[..EcmaNumber.Format(value, canonical)]);
    }

    private bool Literal(ReadOnlySpan<byte> literal)
    {
        var isThere = _json[_at..].StartsWith(literal);
        _at += literal.Length;
        return isThere;
    }

    private bool Take(byte expected)
    {
        if (_at < _json.Length && _json[_at] == expected)
        {
            _at++;
            return true;
        }

        return false;
    }
}
