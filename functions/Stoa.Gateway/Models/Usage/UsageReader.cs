using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Usage;

/// <summary>
/// Reads usage from whole answers and from events of streams, as each provider writes it: OpenAI and those who speak like it (Azure, Mistral,
/// DeepSeek, vLLM), OpenAI responses, Anthropic, Gemini. Never throws for what a provider wrote; numbers that make no sense count as not said.
/// </summary>
internal static class UsageReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What an answer that is not streamed used; null when it does not say, or not fully.</summary>
    public static TokenUsage? OfAnswer(Wire wire, ReadOnlySpan<byte> answer)
    {
        var counts = new UsageCounts();
        Read(wire, answer, ref counts);
        return counts.ToUsage(wire);
    }

    /// <summary>What a <c>usage</c> object that stands by itself says; zero where it says nothing.</summary>
    public static TokenUsage OfUsage(Wire wire, JsonElement usage)
    {
        var counts = new UsageCounts();
        Add(usage, ref counts);
        return counts.Complete(wire, 0, 0);
    }

    /// <summary>Adds what a <c>usage</c> object says: what it leaves out stays as it was.</summary>
    public static void Add(JsonElement usage, ref UsageCounts counts)
    {
        if (usage.ValueKind is JsonValueKind.Object)
        {
            var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(usage), Options);
            json.Read();
            Usage(ref json, ref counts);
        }
    }

    /// <summary>Adds what one event, or a whole answer, says. False when it says nothing of usage, or is not JSON.</summary>
    public static bool Read(Wire wire, ReadOnlySpan<byte> data, ref UsageCounts counts)
    {
        var seen = counts;
        try
        {
            var json = new Utf8JsonReader(data, Options);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject || !Root(wire, ref json, ref seen))
            {
                return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        counts = seen;
        return true;
    }

    /// <summary>Usage stands in the root, or one level down in <c>message</c> (Anthropic's first event) or <c>response</c> (responses' last).</summary>
    private static bool Root(Wire wire, ref Utf8JsonReader json, ref UsageCounts counts)
    {
        var found = false;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var isUsage = json.ValueTextEquals(wire is Wire.Gemini ? "usageMetadata"u8 : "usage"u8);
            var isHolder = !isUsage && (wire is Wire.Messages ? json.ValueTextEquals("message"u8) : wire is Wire.Responses && json.ValueTextEquals("response"u8));
            json.Read();
            if (json.TokenType is not JsonTokenType.StartObject || !(isUsage || isHolder))
            {
                json.Skip();
            }
            else if (isHolder)
            {
                // The first count of an answer's tokens is where it starts, not what it came to.
                found |= Root(wire, ref json, ref counts);
                counts.IsFinal = wire is not Wire.Messages && found;
            }
            else
            {
                found |= Usage(ref json, ref counts);
                counts.IsFinal = found;
            }
        }

        return found;
    }

    private static bool Usage(ref Utf8JsonReader json, ref UsageCounts counts)
    {
        var found = false;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref json);
            json.Read();
            switch (json.TokenType)
            {
                case JsonTokenType.Number:
                    found |= Number(field, ref json, ref counts);
                    break;
                case JsonTokenType.StartObject when field is Field.InputDetails or Field.OutputDetails or Field.CacheCreation:
                    Details(field, ref json, ref counts);
                    break;
                case JsonTokenType.StartArray when field is Field.Iterations:
                    counts.Beside = BesideUsage.Read(ref json);
                    break;
                case JsonTokenType.StartArray when field is Field.InputModalities or Field.OutputModalities:
                    Modalities(field, ref json, ref counts);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return found;
    }

    private static bool Number(Field field, ref Utf8JsonReader json, ref UsageCounts counts)
    {
        if (!json.TryGetInt64(out var number) || !UsageCounts.IsSane(number))
        {
            return false;
        }

        switch (field)
        {
            case Field.Input:
                counts.Input = number;
                return true;
            case Field.Output:
                counts.Output = number;
                return true;
            case Field.Total:
                counts.Total = number;
                break;
            case Field.CacheRead:
                counts.CacheRead = number;
                break;
            case Field.CacheWrite:
                counts.CacheWrite = number;
                break;
            case Field.Reasoning:
                counts.Reasoning = number;
                break;
            case Field.ToolInput:
                counts.ToolInput = number;
                break;
        }

        return false;
    }

    private static void Details(Field of, ref Utf8JsonReader json, ref UsageCounts counts)
    {
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var isCached = json.ValueTextEquals("cached_tokens"u8);
            var isWritten = json.ValueTextEquals("cache_write_tokens"u8);
            var isAudio = json.ValueTextEquals("audio_tokens"u8);
            var isReasoning = json.ValueTextEquals("reasoning_tokens"u8) || json.ValueTextEquals("thinking_tokens"u8);
            var isHour = json.ValueTextEquals("ephemeral_1h_input_tokens"u8);
            json.Read();
            if (json.TokenType is not JsonTokenType.Number || !json.TryGetInt64(out var number) || !UsageCounts.IsSane(number))
            {
                json.Skip();
                continue;
            }

            switch (of)
            {
                case Field.InputDetails when isCached:
                    counts.CacheRead = number;
                    break;
                case Field.InputDetails when isWritten:
                    counts.CacheWrite = number;
                    break;
                case Field.InputDetails when isAudio:
                    counts.AudioInput = number;
                    break;
                case Field.OutputDetails when isAudio:
                    counts.AudioOutput = number;
                    break;
                case Field.OutputDetails when isReasoning:
                    counts.Reasoning = number;
                    break;
                case Field.CacheCreation when isHour:
                    counts.CacheWriteHour = number;
                    break;
            }
        }
    }

    /// <summary>Gemini: <c>[{"modality": "AUDIO", "tokenCount": 7}]</c>, its members in any order.</summary>
    private static void Modalities(Field of, ref Utf8JsonReader json, ref UsageCounts counts)
    {
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is not JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var isAudio = false;
            long count = -1;
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var isModality = json.ValueTextEquals("modality"u8);
                var isCount = json.ValueTextEquals("tokenCount"u8);
                json.Read();
                if (isModality && json.TokenType is JsonTokenType.String)
                {
                    isAudio = json.ValueTextEquals("AUDIO"u8);
                }
                else if (isCount && json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var number) && UsageCounts.IsSane(number))
                {
                    count = number;
                }
                else
                {
                    json.Skip();
                }
            }

            if (isAudio && of is Field.InputModalities)
            {
                counts.AudioInput = count;
            }
            else if (isAudio)
            {
                counts.AudioOutput = count;
            }
        }
    }

    private static Field FieldOf(ref Utf8JsonReader json)
    {
        foreach (var (name, field) in Fields)
        {
            if (json.ValueTextEquals(name))
            {
                return field;
            }
        }

        return Field.Other;
    }

    private static readonly (string Name, Field Field)[] Fields =
    [
        ("prompt_tokens", Field.Input), ("input_tokens", Field.Input), ("promptTokenCount", Field.Input),
        ("completion_tokens", Field.Output), ("output_tokens", Field.Output), ("candidatesTokenCount", Field.Output),
        ("total_tokens", Field.Total), ("totalTokenCount", Field.Total),
        ("cache_read_input_tokens", Field.CacheRead), ("cachedContentTokenCount", Field.CacheRead),
        ("prompt_cache_hit_tokens", Field.CacheRead), ("num_cached_tokens", Field.CacheRead),
        ("cache_creation_input_tokens", Field.CacheWrite), ("cache_creation", Field.CacheCreation),
        ("thoughtsTokenCount", Field.Reasoning), ("toolUsePromptTokenCount", Field.ToolInput),
        ("prompt_tokens_details", Field.InputDetails), ("input_tokens_details", Field.InputDetails),
        ("completion_tokens_details", Field.OutputDetails), ("output_tokens_details", Field.OutputDetails),
        ("promptTokensDetails", Field.InputModalities), ("candidatesTokensDetails", Field.OutputModalities),
        ("iterations", Field.Iterations),
    ];

    private enum Field
    {
        Other,
        Input,
        Output,
        Total,
        CacheRead,
        CacheWrite,
        Reasoning,
        ToolInput,
        InputDetails,
        OutputDetails,
        CacheCreation,
        InputModalities,
        OutputModalities,
        Iterations,
    }
}
