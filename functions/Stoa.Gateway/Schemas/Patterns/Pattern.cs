using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Patterns;

/// <summary>A schema's regular expression, run in time linear in the text.</summary>
internal sealed class Pattern
{
    private readonly string _source;
    private readonly Regex _regex;
    private readonly int _stepsPerBlock;

    private Pattern(string source, Regex regex, int size) => (_source, _regex, _stepsPerBlock) = (source, regex, 1 + (size >> 6));

    /// <summary>Takes an ECMA-262 pattern, or says why it cannot.</summary>
    public static bool TryCreate(string source, [NotNullWhen(true)] out Pattern? pattern, [NotNullWhen(false)] out string? reason)
    {
        var reading = EcmaReader.Read(source);
        reason = reading.Mistake is { } mistake ? $"is no regular expression: {mistake}" : reading.Unsupported;
        pattern = reason is null
            ? new Pattern(source, new Regex(reading.DotNet, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), reading.Size)
            : null;
        return pattern is not null;
    }

    /// <summary>What a match may cost, in steps of an <see cref="Evaluation"/>: more for long text and for large patterns.</summary>
    public long StepsFor(ReadOnlySpan<byte> raw) => 1 + ((raw.Length >> 4) * (long)_stepsPerBlock);

    public bool IsMatch(ReadOnlySpan<byte> raw)
    {
        using var text = new Utf16Text(raw, stackalloc char[Utf16Text.ScratchSize]);
        return _regex.IsMatch(text.Chars);
    }

    public override string ToString() => _source;
}
