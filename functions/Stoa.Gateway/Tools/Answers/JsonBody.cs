using System.Text.Json;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>Decides whether the bytes of an answer are JSON that every client can read.</summary>
internal static class JsonBody
{
    /// <summary>The deepest nesting that is read; what goes beyond is no answer.</summary>
    public const int MaxDepth = 64;

    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    public static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

    /// <summary>RFC 8259 §8.1: JSON between systems is UTF-8; §8.2: half a surrogate pair has no UTF-8, and clients choke on it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AnswerForm form)
    {
        form = AnswerForm.JsonValue;
        if (!Utf8.IsValid(body) || JsonText.HasLoneSurrogate(body))
        {
            return false;
        }

        form = body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? AnswerForm.JsonObject : AnswerForm.JsonValue;
        return IsReadable(body);
    }

    /// <summary>Whether it is one well-formed value, no deeper than <see cref="MaxDepth"/>.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
