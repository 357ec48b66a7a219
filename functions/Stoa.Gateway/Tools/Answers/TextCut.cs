namespace Stoa.Gateway.Tools.Answers;

/// <summary>Where a JSON string may end early: between characters, never inside an escape, a surrogate pair or a UTF-8 sequence.</summary>
internal static class TextCut
{
    /// <summary>One character, three bytes.</summary>
    public static ReadOnlySpan<byte> Ellipsis => "…"u8;

    /// <summary>
    /// How many bytes of the raw text (between its quotes) to keep before an ellipsis; all of them when it has no more than
    /// <paramref name="maxCharacters"/>. What goes is always longer than the ellipsis.
    /// </summary>
    public static int Keep(ReadOnlySpan<byte> raw, int maxCharacters)
    {
        if (raw.Length <= maxCharacters)
        {
            return raw.Length;
        }

        var keep = Skip(raw, 0, maxCharacters - Ellipsis.Length);
        return Skip(raw, keep, Ellipsis.Length) == raw.Length ? raw.Length : keep;
    }

    private static int Skip(ReadOnlySpan<byte> raw, int at, int characters)
    {
        for (; characters > 0 && at < raw.Length; characters--)
        {
            at += raw[at] switch
            {
                (byte)'\\' => raw[at + 1] != 'u' ? 2 : IsSurrogatePair(raw[at..]) ? 12 : 6,
                < 0x80 => 1,
                < 0xE0 => 2,
                < 0xF0 => 3,
                _ => 4,
            };
        }

        return Math.Min(at, raw.Length);
    }

    // \ud8.. to \udb.. and then \udc.. to \udf..
    private static bool IsSurrogatePair(ReadOnlySpan<byte> raw) =>
        raw.Length >= 12 && (raw[2] | 0x20) == 'd' && (raw[3] | 0x20) is '8' or '9' or 'a' or 'b'
        && raw[6] == '\\' && raw[7] == 'u' && (raw[8] | 0x20) == 'd' && (raw[9] | 0x20) is >= 'c' and <= 'f';
}
