using System.Text.Json;
using Stoa.Gateway.Tools.Answers;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>Where a value stands in a JSON text that is known to be well-formed: found by reading, without a document.</summary>
internal readonly record struct JsonPlace(JsonTokenType Kind, int Start, int End)
{
    /// <summary>In words, for a fault.</summary>
    public string Words => Kind switch
    {
        JsonTokenType.None => "missing",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    /// <summary>The value at the path; of kind None when there is none. Of members with the same name the last one counts.</summary>
    public static JsonPlace Find(ReadOnlySpan<byte> json, ReadOnlySpan<PathStep> path)
    {
        var reader = new Utf8JsonReader(json, JsonBody.ReaderOptions);
        reader.Read();
        foreach (var step in path)
        {
            if (!(step.IsMember ? TryEnterMember(ref reader, step) : TryEnterItem(ref reader, step)))
            {
                return default;
            }
        }

        var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        reader.Skip();
        return new(kind, start, (int)reader.BytesConsumed);
    }

    private static bool TryEnterMember(ref Utf8JsonReader reader, PathStep step)
    {
        var found = false;
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            return false;
        }

        var at = reader;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isMeant = step.TakesMember(reader.ValueSpan);
            reader.Read();
            if (isMeant)
            {
                at = reader;
                found = true;
            }

            reader.Skip();
        }

        reader = at;
        return found;
    }

    private static bool TryEnterItem(ref Utf8JsonReader reader, PathStep step)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return false;
        }

        for (var i = 0; reader.Read() && reader.TokenType is not JsonTokenType.EndArray; i++)
        {
            if (step.TakesItem(i))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
