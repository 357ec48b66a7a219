using System.Buffers;
using System.Text;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>
/// Takes secrets out of what is shown: as they are, percent-encoded in whole or in part, escaped as JSON or HTML, in hexadecimal, and in
/// base64 also where they stand within longer text. What an endpoint does to them beyond that cannot be known.
/// </summary>
internal sealed class SecretMask
{
    public const string Shown = "***";

    // How many characters of each form may be compared per character of text, on average; honest texts differ at the first.
    private const int LooksPerCharacter = 2;

    // Shorter pieces of base64 would be found in innocent text.
    private const int ShortestPiece = 8;

    private readonly List<string> _forms = [];
    private SearchValues<char> _starts = SearchValues.Create("");

    /// <summary>From here on the value is not shown.</summary>
    public void Add(string secret)
    {
        if (secret.Length == 0)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] base64 = [Convert.ToBase64String(bytes).TrimEnd('='), .. Enumerable.Range(0, 3).Select(offset => Base64Within(bytes, offset)).Where(piece => piece.Length >= ShortestPiece)];
        string[] forms = [secret, Convert.ToHexStringLower(bytes), Convert.ToHexString(bytes), .. base64, .. base64.Select(text => text.Replace('+', '-').Replace('/', '_'))];
        _forms.AddRange(forms.Except(_forms).ToArray());
        _forms.Sort(static (a, b) => b.Length.CompareTo(a.Length));
        _starts = SearchValues.Create([.. _forms.Select(form => form[0]), '%', '\\', '&', '+']);
    }

    /// <summary>
    /// The text without secrets. Of a text that resembles a secret almost everywhere nothing is shown: to search it would take its length
    /// times that of the secret.
    /// </summary>
    public string Apply(string text)
    {
        StringBuilder? masked = null;
        var copied = 0;
        var looks = (1L + _forms.Count) * (1 + text.Length) * LooksPerCharacter;
        for (var at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            var length = MatchAt(text, at, ref looks);
            if (looks < 0)
            {
                return Shown;
            }

            if (length == 0)
            {
                at++;
                continue;
            }

            masked = (masked ?? new()).Append(text, copied, at - copied).Append(Shown);
            at += length;
            copied = at;
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
    }

    private int Next(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAny(_starts);
        return next < 0 ? -1 : from + next;
    }

    private int MatchAt(string text, int at, ref long looks)
    {
        foreach (var form in _forms)
        {
            if (EscapedText.Match(text.AsSpan(at), form, ref looks) is var length and > 0)
            {
                return length;
            }
        }

        return 0;
    }

    // The characters that the bytes alone decide when they begin at this offset of a group of three.
    private static string Base64Within(byte[] bytes, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=');
        var first = offset == 0 ? 0 : offset + 1;
        var last = (offset + bytes.Length) * 8 / 6;
        return first < last ? text[first..last] : "";
    }
}
