namespace Stoa.Gateway.Schemas.Json;

/// <summary>
/// A JSON number of any size, exactly: its sign, its significant digits in the document's own bytes, and where the point stands. No
/// double and no big integer is involved, so 1 equals 1.0 and 1e400 is above 1e399, at no allocation.
/// </summary>
/// <remarks>
/// The value is ±0.d₁d₂…dₙ × 10^Magnitude with d₁ and dₙ not zero; zero has no digits. Exponents saturate at 10^15.
/// </remarks>
internal readonly ref struct JsonNumber
{
    private const long ExponentLimit = 1_000_000_000_000_000;

    private readonly ReadOnlySpan<byte> _significand;

    public JsonNumber(ReadOnlySpan<byte> raw)
    {
        IsNegative = raw[0] == '-';
        var unsigned = IsNegative ? raw[1..] : raw;
        var mark = unsigned.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? unsigned : unsigned[..mark];
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        if (first < 0)
        {
            IsNegative = false;
            return;
        }

        var point = mantissa.IndexOf((byte)'.');
        var last = mantissa.LastIndexOfAnyInRange((byte)'1', (byte)'9');
        _significand = mantissa[first..(last + 1)];
        Count = _significand.Length - (first < point && point < last ? 1 : 0);
        var whole = point < 0 ? mantissa.Length : point;
        Magnitude = (first < whole ? whole - first : whole - first + 1) + (mark < 0 ? 0 : Exponent(unsigned[(mark + 1)..]));
    }

    public bool IsNegative { get; }

    /// <summary>How many significant digits there are.</summary>
    public int Count { get; }

    public long Magnitude { get; }

    public bool IsZero => Count == 0;

    public bool IsInteger => Magnitude >= Count;

    /// <summary>The power of ten of the last significant digit.</summary>
    public long Scale => Magnitude - Count;

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => new JsonNumber(left).CompareTo(new JsonNumber(right));

    public int CompareTo(JsonNumber other)
    {
        if (IsZero || other.IsZero || IsNegative != other.IsNegative)
        {
            return Sign.CompareTo(other.Sign);
        }

        var size = Magnitude != other.Magnitude ? Magnitude.CompareTo(other.Magnitude) : CompareDigits(other);
        return IsNegative ? -size : size;
    }

    public void AddTo(ref HashCode hash)
    {
        hash.Add(Sign);
        hash.Add(Magnitude);
        foreach (var digit in _significand)
        {
            if (digit != '.')
            {
                hash.Add(digit);
            }
        }
    }

    /// <summary>The integer that the significant digits spell, when it has at most 37 of them.</summary>
    public bool TryGetDigits(out UInt128 digits)
    {
        digits = 0;
        if (Count > 37)
        {
            return false;
        }

        foreach (var digit in _significand)
        {
            digits = digit == '.' ? digits : (digits * 10) + (UInt128)(digit - '0');
        }

        return true;
    }

    /// <summary>
    /// Whether this is an integral multiple of divisor × 10^scale; the divisor is neither 0 nor a multiple of 10, and below 10^37.
    /// </summary>
    public bool IsMultipleOf(UInt128 divisor, long scale)
    {
        // Our last digit is not zero, so no multiple of 10 × divisor can end where we do.
        if (IsZero || Scale < scale)
        {
            return IsZero;
        }

        UInt128 rest = 0;
        foreach (var digit in _significand)
        {
            rest = digit == '.' ? rest : ((rest * 10) + (UInt128)(digit - '0')) % divisor;
        }

        // Powers of ten bring factors 2 and 5 only; a divisor below 2^128 has fewer than 128 of them, so more powers change nothing.
        for (var power = Math.Min(Scale - scale, 128); power > 0 && rest != 0; power--)
        {
            rest = rest * 10 % divisor;
        }

        return rest == 0;
    }

    /// <summary>The value, when it is an integer of at most 18 digits.</summary>
    public bool TryGetInteger(out long integer)
    {
        integer = 0;
        if (!IsInteger || Magnitude > 18 || !TryGetDigits(out var digits))
        {
            return false;
        }

        integer = (long)digits;
        for (var power = Scale; power > 0 && integer != 0; power--)
        {
            integer *= 10;
        }

        integer = IsNegative ? -integer : integer;
        return true;
    }

    private int Sign => IsZero ? 0 : IsNegative ? -1 : 1;

    private int CompareDigits(JsonNumber other)
    {
        int i = 0, j = 0;
        while (true)
        {
            i += i < _significand.Length && _significand[i] == '.' ? 1 : 0;
            j += j < other._significand.Length && other._significand[j] == '.' ? 1 : 0;
            if (i == _significand.Length || j == other._significand.Length)
            {
                return (_significand.Length - i).CompareTo(other._significand.Length - j);
            }

            var order = _significand[i++].CompareTo(other._significand[j++]);
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static long Exponent(ReadOnlySpan<byte> raw)
    {
        var exponent = 0L;
        foreach (var digit in raw.TrimStart("+-"u8))
        {
            exponent = Math.Min(ExponentLimit, (exponent * 10) + (digit - '0'));
        }

        return raw[0] == '-' ? -exponent : exponent;
    }
}
