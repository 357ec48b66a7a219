using System.Buffers;
using System.Globalization;

namespace Stoa.Ledger.Records;

/// <summary>One run of the gateway: 128 random bits, written as 32 lower-case hex digits.</summary>
internal readonly record struct InstanceId(UInt128 Value)
{
    public const int Length = 32;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    public static bool TryParse(ReadOnlySpan<byte> text, out InstanceId id)
    {
        id = default;
        if (text.Length != Length || text.ContainsAnyExcept(HexDigits) || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = new(value);
        return true;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
