using System.Globalization;

namespace Stoa.Gateway.Schemas.Patterns;

/// <summary>A pattern while it is read: how far, and the first thing that is wrong with it.</summary>
internal sealed class EcmaText(string source)
{
    public string Source => source;

    public int At { get; set; }

    /// <summary>What makes it no ECMA-262 pattern.</summary>
    public string? FirstMistake { get; private set; }

    /// <summary>What makes it one that cannot run here.</summary>
    public string? FirstUnsupported { get; private set; }

    public bool AtEnd => At >= source.Length || FirstMistake is not null;

    public int Hex(int digits)
    {
        if (At + digits > source.Length
            || !int.TryParse(source.AsSpan(At, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return Mistake($"a \\x or \\u escape needs {digits} hexadecimal digits");
        }

        At += digits;
        return value;
    }

    public char Peek(int ahead) => At + ahead < source.Length ? source[At + ahead] : '\0';

    public int Mistake(string what)
    {
        FirstMistake ??= what;
        At = source.Length;
        return 0;
    }

    public void Unsupported(string what) => FirstUnsupported ??= what;
}
