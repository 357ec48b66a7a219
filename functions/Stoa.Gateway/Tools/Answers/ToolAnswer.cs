using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Schemas;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// Reads what came back from a tool's endpoint. Bytes that are fit for an agent pass as they are; everything else becomes one clear
/// sentence that names neither hosts nor internals.
/// </summary>
internal static class ToolAnswer
{
    private const int MostFindings = 5;

    /// <summary>Takes over the reply: the answer owns it, or it is disposed here.</summary>
    public static Answer From(in ToolRequest request, in UpstreamResult sent, DateTimeOffset now)
    {
        if (sent.Reply is not { } reply)
        {
            return Answer.Error(sent.Fault, isReached: sent.IsReached);
        }

        var answer = !reply.IsSuccess ? Answer.Error(Failure(reply, now), reply.Status)
            : request.Tool.Transform is null ? Read(request, reply, sent.Remark)
            : Transform(request, reply, sent.Remark);
        if (answer.IsError)
        {
            reply.Dispose();
        }

        return answer;
    }

    /// <summary>What to tell an agent of an answer that is no success.</summary>
    public static string Failure(EgressReply reply, DateTimeOffset now) => reply.Status switch
    {
        401 or 403 => $"The upstream answered {StatusText(reply.Status)}: it does not accept the credential that the gateway holds for this tool.",
        429 => $"The upstream answered {StatusText(reply.Status)}. Try again {(reply.RetryAfter(now) is { } wait ? $"in {wait.TotalSeconds:0} s" : "later")}.",
        >= 300 and < 400 => $"The upstream answered {StatusText(reply.Status)}, which is no answer to show.",
        >= 400 and < 500 => $"The upstream answered {StatusText(reply.Status)}.{ProblemText.Read(reply)}",
        _ => $"The upstream failed with {StatusText(reply.Status)}. Try again later.",
    };

    /// <summary>The answer that the tool makes of the endpoint's. Whatever the endpoint calls it, it must be JSON; the transform tells.</summary>
    private static Answer Transform(in ToolRequest request, EgressReply reply, string? remark)
    {
        var tool = request.Tool;
        if (!tool.Transform!.TryApply(reply.Body, request.Arguments, request.Context!, (int)tool.Spec.MaxResponseBytes, out var made, out var fault))
        {
            return Answer.Error(fault, reply.Status);
        }

        if (Misfit(request, made.Body) is { } misfit)
        {
            made.Dispose();
            return Answer.Error(misfit, reply.Status);
        }

        // The buffer holds all that is shown; the endpoint's own bytes are done with.
        var answer = new Answer(made.IsObject ? AnswerForm.JsonObject : AnswerForm.JsonValue, made.Body, made) { UpstreamStatus = reply.Status, Remark = remark };
        reply.Dispose();
        return answer;
    }

    private static Answer Read(in ToolRequest request, EgressReply reply, string? remark)
    {
        var content = reply.Content;
        if (content.IsJson && !reply.Body.IsEmpty)
        {
            return ReadJson(request, reply, remark);
        }

        if (request.Tool.Output is not null)
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

    private static Answer ReadJson(in ToolRequest request, EgressReply reply, string? remark) =>
        !JsonBody.TryRead(reply.Body.Span, out var form) ? Answer.Error("The upstream answered with malformed JSON.", reply.Status)
        : Misfit(request, reply.Body) is { } misfit ? Answer.Error(misfit, reply.Status)
        : new(form, reply.Body, reply) { UpstreamStatus = reply.Status, Remark = remark };

    /// <summary>How the answer breaks the tool's output schema, in words that quote the schema and never a value; null when it fits.</summary>
    private static string? Misfit(in ToolRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Tool.Output is not { } schema)
        {
            return null;
        }

        using var document = JsonDocument.Parse(body, JsonBody.DocumentOptions);
        if (schema.IsValid(document.RootElement))
        {
            return null;
        }

        var findings = new List<SchemaFinding>();
        schema.Validate(document.RootElement, findings);
        request.Trial?.Findings.AddRange(findings);
        var text = new StringBuilder("The answer does not fit the output schema that this tool promises.");
        foreach (var finding in findings.Take(MostFindings))
        {
            text.Append("\n- ").Append(finding.Message);
        }

        return findings.Count > MostFindings ? text.Append("\n- and more.").ToString() : text.ToString();
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

    private static string StatusText(int status) => string.Create(CultureInfo.InvariantCulture, $"{status} {ReasonPhrases.GetReasonPhrase(status)}").TrimEnd();

    // A missing type is taken for text; the check for UTF-8 decides.
    private static bool IsText(ContentKind content) =>
        content.MediaType.IsEmpty || content.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || content.MediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) || content.Is("application/xml") || content.Is("application/yaml")
        || content.Is("application/x-ndjson") || content.Is("application/jsonl");
}
