using System.Diagnostics.CodeAnalysis;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>A text, how far it is read, and the first fault found in it. After a fault readers return false, and nothing reads on.</summary>
internal sealed class TemplateCursor(string text)
{
    /// <summary>In bytes of UTF-8; what fits here compiles at once, and a template beyond it is a program in disguise.</summary>
    public const int MaxText = 64 * 1024;

    public string Text => text;

    public int At { get; set; }

    public TemplateFault? Fault { get; private set; }

    public bool IsAtEnd => At >= text.Length;

    /// <summary>NUL at the end, which no grammar here accepts either.</summary>
    public char Current => At < text.Length ? text[At] : '\0';

    public ReadOnlySpan<char> Rest => text.AsSpan(At);

    public bool Is(string expected) => Rest.StartsWith(expected, StringComparison.Ordinal);

    public bool TryTake(char expected)
    {
        if (Current != expected || IsAtEnd)
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>RFC 8259 §2: space, tab, line feed, carriage return.</summary>
    public void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\n' or '\r')
        {
            At++;
        }
    }

    /// <summary>Letters, digits and what names of JSON members are usually made of; empty when none stands here.</summary>
    public string TakeWord()
    {
        var start = At;
        while (char.IsLetterOrDigit(Current) || Current is '_' or '-' or '$' or '@')
        {
            At++;
        }

        return text[start..At];
    }

    public bool Fail(int at, string reason)
    {
        if (Fault is null)
        {
            var (line, column) = PositionOf(at);
            Fault = new(line, column, reason);
        }

        return false;
    }

    public bool Fail(string reason) => Fail(At, reason);

    public Position PositionOf(int at)
    {
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        return new(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>False when the text is too long, or no text at all, before anything in it is looked at.</summary>
    public bool IsReadable([NotNullWhen(false)] out TemplateFault? fault)
    {
        fault = null;
        if (text.Length > MaxText || System.Text.Encoding.UTF8.GetByteCount(text) > MaxText)
        {
            fault = new(1, 1, $"A template has at most {MaxText / 1024} KiB.");
        }
        else if (HalfPair() is >= 0 and var at)
        {
            Fail(at, "Half of a surrogate pair stands here, which is no character.");
            fault = Fault!;
        }

        return fault is null;
    }

    private int HalfPair()
    {
        for (var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])))
            {
                return at;
            }

            at += char.IsSurrogate(text[at]) ? 1 : 0;
        }

        return -1;
    }
}
