using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Answers;

/// <summary>
/// An error as providers write it: OpenAI, Azure and most others <c>{"error": {message, type, param, code}}</c>, Anthropic
/// <c>{"type": "error", "error": {type, message}}</c>, Gemini <c>{"error": {code, message, status, details}}</c> or a list of one, Mistral
/// <c>{"object": "error", message, type, code}</c> or <c>{"detail": [{loc, msg}]}</c>, Ollama <c>{"error": "text"}</c>.
/// </summary>
internal sealed record ErrorBody(string? Message, string? Type, string? Param, string? Code)
{
    private const int MaxMessage = 2048;
    private const int MaxWord = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Gemini's <c>RetryInfo</c>.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Whether the object's root says that it is an error.</summary>
    public static bool IsError(ReadOnlySpan<byte> json) => Read(json) is not null;

    /// <summary>The error in a body; null when it is not JSON, or holds none.</summary>
    public static ErrorBody? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
            using var document = JsonDocument.ParseValue(ref json);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An error that came with a status of success, whole or as an event of a stream.</summary>
    public static ModelFailure Inside(Wire wire, ReadOnlySpan<byte> body)
    {
        if (Read(body) is not { } error)
        {
            return new(502, ModelFailureKind.Nonsense, "The provider reported an error without saying which.");
        }

        return UpstreamError.Of(wire, error.ImpliedStatus, error, error.RetryDelay);
    }

    /// <summary>The HTTP status that the error would have had: its own number, or what its type or code goes with.</summary>
    private int ImpliedStatus =>
        int.TryParse(Code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 400 and < 600
            ? number
            : StatusOf(Type) ?? StatusOf(Code) ?? 500;

    private static int? StatusOf(string? word) => word switch
    {
        "overloaded_error" => 529,
        "rate_limit_error" or "rate_limit_exceeded" or "RESOURCE_EXHAUSTED" or "tokens" or "requests" or "insufficient_quota" => 429,
        "authentication_error" or "permission_error" or "UNAUTHENTICATED" or "PERMISSION_DENIED" => 401,
        "invalid_request_error" or "INVALID_ARGUMENT" => 400,
        "timeout_error" or "DEADLINE_EXCEEDED" => 504,
        _ => null,
    };

    private static ErrorBody? Of(JsonElement root)
    {
        if (root.ValueKind is JsonValueKind.Array && root.GetArrayLength() > 0)
        {
            root = root[0];
        }

        if (root.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        // A failed response of OpenAI's carries its error inside.
        if (root.TryGetProperty("response", out var response) && response.ValueKind is JsonValueKind.Object)
        {
            root = response;
        }

        if (root.TryGetProperty("error", out var error))
        {
            return error.ValueKind switch
            {
                JsonValueKind.Object => From(error),
                JsonValueKind.String => new(Clean(error, MaxMessage), null, null, null),
                _ => null,
            };
        }

        var isMistral = root.TryGetProperty("object", out var kind) && kind.ValueKind is JsonValueKind.String && kind.ValueEquals("error");
        var isError = root.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("error");
        if (isMistral || isError || root.TryGetProperty("detail", out _))
        {
            return From(root);
        }

        return null;
    }

    private static ErrorBody From(JsonElement error)
    {
        var details = Details(error, "detail") ?? Details(error, "message");
        return new(details?.Message ?? Word(error, "message", MaxMessage) ?? Word(error, "detail", MaxMessage), Word(error, "type") ?? Word(error, "status"),
            details?.Param ?? Word(error, "param"), Word(error, "code")) { RetryDelay = Delay(error) };
    }

    /// <summary>FastAPI's list of faults, which Mistral and vLLM pass on: <c>[{"loc": ["body", "messages"], "msg": "..."}]</c>.</summary>
    private static (string? Message, string? Param)? Details(JsonElement error, string name)
    {
        if (!error.TryGetProperty(name, out var list))
        {
            return null;
        }

        if (list.ValueKind is JsonValueKind.Object && list.TryGetProperty("detail", out var inner))
        {
            list = inner;
        }

        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0 || list[0].ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        var param = list[0].TryGetProperty("loc", out var place) && place.ValueKind is JsonValueKind.Array
            ? string.Join('.', place.EnumerateArray().Select(static step => step.ToString()).SkipWhile(static step => step == "body").Take(8))
            : null;
        return (Word(list[0], "msg", MaxMessage), string.IsNullOrEmpty(param) ? null : JsonText.Shorten(param, MaxWord));
    }

    private static TimeSpan? Delay(JsonElement error)
    {
        if (!error.TryGetProperty("details", out var details) || details.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind is JsonValueKind.Object && Word(detail, "retryDelay") is { } delay && delay.EndsWith('s')
                && double.TryParse(delay.AsSpan(0, delay.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, 3600));
            }
        }

        return null;
    }

    private static string? Word(JsonElement of, string name, int max = MaxWord) =>
        !of.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => Clean(value, max),
            JsonValueKind.Number => JsonText.Shorten(value.GetRawText(), max),
            _ => null,
        };

    /// <summary>Short, and without characters that could end a line of a header or a log.</summary>
    private static string? Clean(JsonElement text, int max)
    {
        string? value;
        try
        {
            value = text.GetString();
        }
        catch (InvalidOperationException)
        {
            // Not valid UTF-16 or UTF-8 inside: nothing that could be passed on.
            return null;
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        var clean = new StringBuilder(Math.Min(value.Length, max));
        foreach (var one in JsonText.Shorten(value, max))
        {
            clean.Append(char.IsControl(one) ? ' ' : one);
        }

        return clean.ToString();
    }
}
