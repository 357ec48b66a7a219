using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Tools;

/// <summary>A rate in one word, <c>100/min</c>, as another way to write <c>{requestsPerMinute: 100}</c>.</summary>
internal static class RateText
{
    public static Node? Respell(Node node, Place place)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text } word)
        {
            return node;
        }

        if (word.Text.Split('/') is [var count, var unit] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var calls)
            && PerMinute(unit) is { } factor)
        {
            var number = new ScalarNode(word.At, ScalarKind.Number, ((long)calls * factor).ToString(CultureInfo.InvariantCulture));
            return new MapNode(word.At, [new("requestsPerMinute", word.At, number)]);
        }

        place.Fault(word.At, "Expected calls per minute or per second, such as `100/min` or `5/s`, or a map with `requestsPerMinute`.");
        return null;
    }

    public static void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", "^[0-9]+/(min|minute|m|s|sec|second)$");
    }

    private static int? PerMinute(string unit) => unit switch
    {
        "min" or "minute" or "m" => 1,
        "s" or "sec" or "second" => 60,
        _ => null,
    };
}
