using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools;

/// <summary>
/// Reads what came back from a tool's endpoint. Bytes that are fit for an agent pass as they are; everything else becomes one clear
/// sentence that names neither hosts nor internals.
/// </summary>
internal static class ToolAnswer
{
    private const int MaxDepth = 64;

    public static Answer From(Tool tool, EgressResult result)
    {
        if (result.Fault is { } fault)
        {
            result.Dispose();
            return Answer.Error(fault.Message);
        }

        if (result.Status is < 200 or > 299)
        {
            using (result)
            {
                return Answer.Error(Failure(result), result.Status);
            }
        }

        var answer = Read(tool, result);
        if (answer.IsError)
        {
            result.Dispose();
        }

        return answer;
    }

    private static Answer Read(Tool tool, EgressResult result)
    {
        var media = result.MediaType ?? "";
        if (IsJson(media))
        {
            return ReadJson(tool, result);
        }

        if (tool.Output is not null)
        {
            return Answer.Error("The upstream answered with something other than the JSON that this tool promises.", result.Status);
        }

        if (result.Body.IsEmpty)
        {
            return Text($"The upstream answered {StatusText(result.Status)} without content.", result);
        }

        if (media.Equals("text/html", StringComparison.OrdinalIgnoreCase) || media.Equals("application/xhtml+xml", StringComparison.OrdinalIgnoreCase))
        {
            return Answer.Error("The upstream answered with an HTML page where data was expected; the endpoint may be wrong or require a sign-in.", result.Status);
        }

        if (media.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            return new(AnswerForm.Image, result.Body, result) { MediaType = media, UpstreamStatus = result.Status };
        }

        if (media.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
        {
            return new(AnswerForm.Audio, result.Body, result) { MediaType = media, UpstreamStatus = result.Status };
        }

        return IsText(media) ? ReadText(result) : Answer.Error("The upstream answered with a content type that cannot be shown to an agent.", result.Status);
    }

    private static Answer ReadJson(Tool tool, EgressResult result)
    {
        // RFC 8259 §8.1: JSON between systems is UTF-8.
        if (!Utf8.IsValid(result.Body.Span) || !TryReadForm(result.Body.Span, out var form))
        {
            return Answer.Error("The upstream answered with malformed JSON.", result.Status);
        }

        if (tool.Output is { } schema)
        {
            using var document = JsonDocument.Parse(result.Body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (!schema.IsValid(document.RootElement))
            {
                return Answer.Error("The upstream's answer does not fit the output schema that this tool promises.", result.Status);
            }
        }

        return new(form, result.Body, result) { UpstreamStatus = result.Status };
    }

    private static bool TryReadForm(ReadOnlySpan<byte> body, out AnswerForm form)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        form = AnswerForm.JsonValue;
        try
        {
            if (json.Read() && json.TokenType is JsonTokenType.StartObject)
            {
                form = AnswerForm.JsonObject;
            }

            while (json.Read())
            {
            }

            return json.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Answer ReadText(EgressResult result)
    {
        if (Utf8.IsValid(result.Body.Span))
        {
            return new(AnswerForm.Text, result.Body, result) { UpstreamStatus = result.Status };
        }

        if (result.Charset is { } charset && charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase))
        {
            return Text(Encoding.Latin1.GetString(result.Body.Span), result);
        }

        return Answer.Error("The upstream answered with text in an encoding other than UTF-8.", result.Status);
    }

    private static Answer Text(string text, EgressResult result) =>
        new(AnswerForm.Text, Encoding.UTF8.GetBytes(text), result) { UpstreamStatus = result.Status };

    private static string Failure(EgressResult result) => result.Status switch
    {
        401 or 403 => $"The upstream answered {StatusText(result.Status)}: it does not accept the credential that the gateway holds for this tool.",
        429 => $"The upstream answered {StatusText(result.Status)}. Try again {(result.RetryAfter is { } wait ? $"in {wait.TotalSeconds:0} s" : "later")}.",
        >= 300 and < 400 => $"The upstream answered {StatusText(result.Status)}, a redirect that is not followed.",
        >= 400 and < 500 => $"The upstream answered {StatusText(result.Status)}.{ProblemText.Read(result)}",
        _ => $"The upstream failed with {StatusText(result.Status)}. Try again later.",
    };

    private static string StatusText(int status) =>
        Enum.IsDefined((HttpStatusCode)status) ? $"{status} {ReasonPhrases.GetReasonPhrase(status)}" : status.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsJson(string media) =>
        media.Equals("application/json", StringComparison.OrdinalIgnoreCase) || media.Equals("text/json", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static bool IsText(string media) =>
        media.Length == 0 || media.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)
        || media is "application/xml" or "application/yaml" or "application/x-ndjson" or "application/jsonl" or "application/csv";
}
