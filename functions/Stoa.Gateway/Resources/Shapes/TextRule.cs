using System.Buffers;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>What a text must look like.</summary>
/// <param name="Words">For people, to follow "Expected".</param>
/// <param name="Pattern">The same as an ECMA 262 pattern for editors, as far as a pattern can say it.</param>
/// <param name="Accepts">Decides.</param>
internal sealed record TextRule(string Words, string? Pattern, Func<string, bool> Accepts)
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(LettersAndDigits + "._-");
    private static readonly SearchValues<char> ModelCharacters = SearchValues.Create(LettersAndDigits + "._-/:@+");
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create(LettersAndDigits + "._-/");
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(LettersAndDigits + "!#$%&'*+-.^_`|~");

    /// <summary>Consumers, secrets, keys in secrets. No leading dot: <c>.</c> and <c>..</c> would vanish from a URL.</summary>
    public static TextRule Name { get; } = new(
        "1 to 63 letters, digits, `.`, `_` or `-`, starting with a letter or digit",
        "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
        static text => text.Length is >= 1 and <= 63 && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(NameCharacters));

    /// <summary>What every MCP client accepts as a tool's name.</summary>
    public static TextRule ToolName { get; } = new(
        "1 to 64 letters, digits, `_`, `.` or `-`, starting with a letter, digit or `_`",
        "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$",
        IsToolName);

    public static TextRule ToolPattern { get; } = new(
        "a tool name, or the beginning of one followed by `*`",
        "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}|([A-Za-z0-9_][A-Za-z0-9_.-]{0,62})?\\*)$",
        static text => text is "*" || (IsToolName(text.EndsWith('*') ? text[..^1] : text) && text.Length <= 64));

    /// <summary>A language model, as callers or providers name it.</summary>
    public static TextRule ModelName { get; } = new(
        "the name of a model: 1 to 128 letters, digits or `.`, `_`, `-`, `/`, `:`, `@`, `+`, starting with a letter or digit",
        "^[A-Za-z0-9][A-Za-z0-9._/:@+-]{0,127}$",
        IsModelName);

    public static TextRule ModelPattern { get; } = new(
        "the name of a model, or the beginning of one followed by `*`",
        "^([A-Za-z0-9][A-Za-z0-9._/:@+-]{0,127}|([A-Za-z0-9][A-Za-z0-9._/:@+-]{0,126})?\\*)$",
        static text => text is "*" || (IsModelName(text.EndsWith('*') ? text[..^1] : text) && text.Length <= 128));

    public static TextRule TenantName { get; } = new(
        Kernel.TenantId.Rule,
        "^(?=.{3,40}$)[a-z0-9]+(-[a-z0-9]+)*$",
        static text => Kernel.TenantId.TryParse(text, out _));

    public static TextRule LabelKey { get; } = new(
        "1 to 128 letters, digits, `.`, `_`, `-` or `/`",
        "^[A-Za-z0-9._/-]{1,128}$",
        static text => text.Length is >= 1 and <= 128 && !text.AsSpan().ContainsAnyExcept(LabelCharacters));

    /// <summary>RFC 9110 §5.6.2 token: header and cookie names.</summary>
    public static TextRule HttpToken { get; } = new(
        "1 to 128 letters, digits, `-`, `_` or other token characters of RFC 9110",
        "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$",
        static text => text.Length is >= 1 and <= 128 && !text.AsSpan().ContainsAnyExcept(TokenCharacters));

    private static bool IsModelName(string text) =>
        text.Length is >= 1 and <= 128 && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(ModelCharacters);

    private static bool IsToolName(string text) =>
        text.Length is >= 1 and <= 64 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_') && !text.AsSpan().ContainsAnyExcept(NameCharacters);
}
