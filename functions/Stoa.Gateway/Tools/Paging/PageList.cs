using System.Text.Json;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>The list of one page: where its items stand in the page's bytes.</summary>
/// <param name="Start">Behind the opening bracket.</param>
/// <param name="End">Behind the last item.</param>
/// <param name="Close">Where the closing bracket stands.</param>
/// <param name="Count">How many items there are.</param>
internal readonly record struct PageList(int Start, int End, int Close, int Count)
{
    /// <summary>False with a fault in words when the page has no such list. A list that is null has no items.</summary>
    public static bool TryFind(ReadOnlySpan<byte> page, ResponsePath path, out PageList list, out string fault)
    {
        var place = JsonPlace.Find(page, path.Steps);
        list = default;
        fault = "";
        switch (place.Kind)
        {
            case JsonTokenType.StartArray:
                var count = CountUntil(page[place.Start..place.End], int.MaxValue, out var length);
                list = new(place.Start + 1, place.Start + length, place.End - 1, count);
                return true;
            case JsonTokenType.Null:
                return true;
            default:
                fault = path.Steps.IsEmpty ? $"is {place.Words} where a list was expected."
                    : place.Kind is JsonTokenType.None ? $"has no list at `{path.Text}`."
                    : $"has {place.Words} at `{path.Text}` where a list was expected.";
                return false;
        }
    }

    /// <summary>The same list with only so many items.</summary>
    public PageList Take(ReadOnlySpan<byte> page, int items)
    {
        if (items >= Count)
        {
            return this;
        }

        CountUntil(page[(Start - 1)..(Close + 1)], items, out var length);
        return this with { End = Start - 1 + length, Count = items };
    }

    /// <summary>Counts items up to a number; <paramref name="length"/> is where the last of them ends.</summary>
    private static int CountUntil(ReadOnlySpan<byte> list, int most, out int length)
    {
        var reader = new Utf8JsonReader(list, JsonBody.ReaderOptions);
        reader.Read();
        var count = 0;
        length = 1;
        while (count < most && reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            reader.Skip();
            length = (int)reader.BytesConsumed;
            count++;
        }

        return count;
    }
}
