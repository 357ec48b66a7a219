using System.Text.Json;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>Decides whether the bytes of an answer are JSON that every client can read.</summary>
internal static class JsonBody
{
    public const int MaxDepth = 64;

    /// <summary>RFC 8259 §8.1: JSON between systems is UTF-8; §8.2: half a surrogate pair has no UTF-8, and clients choke on it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AnswerForm form)
    {
        form = AnswerForm.JsonValue;
        if (!Utf8.IsValid(body) || JsonText.HasLoneSurrogate(body))
        {
            return false;
        }

        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (json.Read() && json.TokenType is JsonTokenType.StartObject)
            {
                form = AnswerForm.JsonObject;
            }

            while (json.Read())
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
