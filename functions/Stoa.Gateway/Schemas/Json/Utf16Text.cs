using System.Buffers;
using System.Text;

namespace Stoa.Gateway.Schemas.Json;

/// <summary>A JSON string as UTF-16, for regular expressions; what is no valid Unicode becomes U+FFFD.</summary>
internal ref struct Utf16Text
{
    /// <summary>What callers may put on the stack; longer text rents.</summary>
    public const int ScratchSize = 256;

    private char[]? _rented;

    public Utf16Text(ReadOnlySpan<byte> raw, Span<char> scratch)
    {
        using var text = new JsonString(raw, stackalloc byte[JsonString.ScratchSize]);

        // UTF-16 never has more units than UTF-8, replacements included.
        var buffer = text.Utf8.Length <= scratch.Length ? scratch : _rented = ArrayPool<char>.Shared.Rent(text.Utf8.Length);
        Chars = buffer[..Encoding.UTF8.GetChars(text.Utf8, buffer)];
    }

    public ReadOnlySpan<char> Chars { get; }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
