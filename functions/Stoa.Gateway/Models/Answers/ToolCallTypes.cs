using System.Buffers;
using System.Text.Json;

namespace Stoa.Gateway.Models.Answers;

/// <summary>
/// Mistral's calls of tools lack the member <c>type</c>, which chat completions has and clients of OpenAI's insist on. It is put in where it is
/// missing; every other byte stays.
/// </summary>
internal static class ToolCallTypes
{
    private const int MaxDepth = 256;

    private static ReadOnlySpan<byte> Missing => "\"type\":\"function\","u8;

    /// <summary>An answer, or the data of an event, with what was missing; false when nothing was.</summary>
    public static bool TryAdd(ReadOnlySpan<byte> json, out ReadOnlyMemory<byte> typed)
    {
        typed = default;

        // The name in quotes stands in no text: there its quotes are escaped.
        if (json.IndexOf("\"tool_calls\""u8) < 0 || Places(json) is not { Count: > 0 } places)
        {
            return false;
        }

        var output = new ArrayBufferWriter<byte>(json.Length + (places.Count * Missing.Length));
        var done = 0;
        foreach (var place in places)
        {
            output.Write(json[done..place]);
            output.Write(Missing);
            done = place;
        }

        output.Write(json[done..]);
        typed = output.WrittenMemory;
        return true;
    }

    /// <summary>Behind the opening brace of every call without a type.</summary>
    private static List<int> Places(ReadOnlySpan<byte> json)
    {
        var places = new List<int>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals("tool_calls"u8))
                {
                    reader.Read();
                    Calls(ref reader, places);
                }
            }
        }
        catch (JsonException)
        {
            // Whoever reads it finds that out; it is not for us to mend.
            places.Clear();
        }

        return places;
    }

    private static void Calls(ref Utf8JsonReader reader, List<int> places)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return;
        }

        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                var start = (int)reader.BytesConsumed;
                if (LacksType(ref reader))
                {
                    places.Add(start);
                }
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static bool LacksType(ref Utf8JsonReader reader)
    {
        var (hasMembers, hasType) = (false, false);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            hasMembers = true;
            hasType |= reader.ValueTextEquals("type"u8);
            reader.Read();
            reader.Skip();
        }

        return hasMembers && !hasType;
    }
}
