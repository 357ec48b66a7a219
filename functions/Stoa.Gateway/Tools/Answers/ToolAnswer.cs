using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// Reads what came back from a tool's endpoint. Bytes that are fit for an agent pass as they are; everything else becomes one clear
/// sentence that names neither hosts nor internals.
/// </summary>
internal static class ToolAnswer
{
    private const int MaxDepth = 64;

    /// <summary>Takes over the reply: the answer owns it, or it is disposed here.</summary>
    public static Answer From(Tool tool, EgressReply reply, DateTimeOffset now)
    {
        var answer = reply.IsSuccess ? Read(tool, reply) : Answer.Error(Failure(reply, now), reply.Status);
        if (answer.IsError)
        {
            reply.Dispose();
        }

        return answer;
    }

    private static Answer Read(Tool tool, EgressReply reply)
    {
        var content = reply.Content;
        if (content.IsJson && !reply.Body.IsEmpty)
        {
            return ReadJson(tool, reply);
        }

        if (tool.Output is not null)
        {
            return Answer.Error("The upstream answered with something other than the JSON that this tool promises.", reply.Status);
        }

        if (reply.Body.IsEmpty)
        {
            return Text($"The upstream answered {StatusText(reply.Status)} without content.", reply);
        }

        if (content.Is("text/html") || content.Is("application/xhtml+xml"))
        {
            return Answer.Error("The upstream answered with an HTML page where data was expected; the endpoint may be wrong or require a sign-in.", reply.Status);
        }

        return content.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? Media(AnswerForm.Image, reply)
            : content.MediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? Media(AnswerForm.Audio, reply)
            : IsText(content) ? ReadText(content, reply)
            : Answer.Error("The upstream answered with a content type that cannot be shown to an agent.", reply.Status);
    }

    private static Answer ReadJson(Tool tool, EgressReply reply)
    {
        // RFC 8259 §8.1: JSON between systems is UTF-8; §8.2: half a surrogate pair has no UTF-8, and clients choke on it.
        if (!Utf8.IsValid(reply.Body.Span) || JsonText.HasLoneSurrogate(reply.Body.Span) || !TryReadForm(reply.Body.Span, out var form))
        {
            return Answer.Error("The upstream answered with malformed JSON.", reply.Status);
        }

        if (tool.Output is { } schema && !Fits(schema, reply))
        {
            return Answer.Error("The upstream's answer does not fit the output schema that this tool promises.", reply.Status);
        }

        return new(form, reply.Body, reply) { UpstreamStatus = reply.Status };
    }

    private static bool Fits(Schemas.JsonSchema schema, EgressReply reply)
    {
        using var document = JsonDocument.Parse(reply.Body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return schema.IsValid(document.RootElement);
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

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Answer ReadText(ContentKind content, EgressReply reply)
    {
        if (Utf8.IsValid(reply.Body.Span))
        {
            return new(AnswerForm.Text, reply.Body, reply) { UpstreamStatus = reply.Status };
        }

        return content.Charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase)
            ? Text(Encoding.Latin1.GetString(reply.Body.Span), reply)
            : Answer.Error("The upstream answered with text in an encoding other than UTF-8.", reply.Status);
    }

    private static Answer Text(string text, EgressReply reply) => new(AnswerForm.Text, Encoding.UTF8.GetBytes(text), reply) { UpstreamStatus = reply.Status };

    private static Answer Media(AnswerForm form, EgressReply reply) =>
        new(form, reply.Body, reply) { MediaType = reply.Content.MediaType.ToString(), UpstreamStatus = reply.Status };

    private static string Failure(EgressReply reply, DateTimeOffset now) => reply.Status switch
    {
        401 or 403 => $"The upstream answered {StatusText(reply.Status)}: it does not accept the credential that the gateway holds for this tool.",
        429 => $"The upstream answered {StatusText(reply.Status)}. Try again {(reply.RetryAfter(now) is { } wait ? $"in {wait.TotalSeconds:0} s" : "later")}.",
        >= 300 and < 400 => $"The upstream answered {StatusText(reply.Status)}, which is no answer to show.",
        >= 400 and < 500 => $"The upstream answered {StatusText(reply.Status)}.{ProblemText.Read(reply)}",
        _ => $"The upstream failed with {StatusText(reply.Status)}. Try again later.",
    };

    private static string StatusText(int status) => string.Create(CultureInfo.InvariantCulture, $"{status} {ReasonPhrases.GetReasonPhrase(status)}").TrimEnd();

    // A missing type is taken for text; the check for UTF-8 decides.
    private static bool IsText(ContentKind content) =>
        content.MediaType.IsEmpty || content.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || content.MediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) || content.Is("application/xml") || content.Is("application/yaml")
        || content.Is("application/x-ndjson") || content.Is("application/jsonl");
}
