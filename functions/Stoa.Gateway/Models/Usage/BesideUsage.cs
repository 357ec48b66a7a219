using System.Text.Json;

namespace Stoa.Gateway.Models.Usage;

/// <summary>
/// What a provider did and bills beside the answer: of Anthropic's <c>usage.iterations</c> those that are not of type <c>message</c>, such as
/// the summary of <c>context_management</c>, which the totals of <c>usage</c> leave out.
/// </summary>
internal readonly record struct BesideUsage(long Input, long Output, long CacheRead, long CacheWrite)
{
    /// <summary>On the start of the array; left on its end.</summary>
    public static BesideUsage Read(ref Utf8JsonReader json)
    {
        var all = default(BesideUsage);
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is JsonTokenType.StartObject)
            {
                all += One(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return UsageCounts.IsSane(all.Input + all.CacheRead + all.CacheWrite) && UsageCounts.IsSane(all.Output) ? all : default;
    }

    public static BesideUsage operator +(BesideUsage a, BesideUsage b) => new(a.Input + b.Input, a.Output + b.Output, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite);

    private static BesideUsage One(ref Utf8JsonReader json)
    {
        var one = default(BesideUsage);
        var isBeside = false;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                isBeside = json.TokenType is JsonTokenType.String && !json.ValueTextEquals("message"u8);
                json.Skip();
            }
            else if (json.ValueTextEquals("input_tokens"u8))
            {
                one = one with { Input = Count(ref json) };
            }
            else if (json.ValueTextEquals("output_tokens"u8))
            {
                one = one with { Output = Count(ref json) };
            }
            else if (json.ValueTextEquals("cache_read_input_tokens"u8))
            {
                one = one with { CacheRead = Count(ref json) };
            }
            else if (json.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                one = one with { CacheWrite = Count(ref json) };
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return isBeside ? one : default;
    }

    private static long Count(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var number) && UsageCounts.IsSane(number))
        {
            return number;
        }

        json.Skip();
        return 0;
    }
}
