using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// What a tool makes of its upstream's JSON before anybody sees it: first the mapping, then the template, whose <c>.response</c> is the
/// mapped answer. Compile once per tool; for each answer call <see cref="TryApply"/> with the body's bytes, then either take the buffer
/// (dispose it after the last byte is sent) or say the fault. The result is one well-formed JSON value, UTF-8, no deeper than 64.
/// </summary>
internal sealed class ResponseTransform
{
    private const string NotJson = "The upstream's answer is not well-formed JSON, which this tool needs to make its own answer from.";

    private readonly ResponseMapping? _mapping;
    private readonly JsonTemplate? _template;

    /// <summary>One of them or both.</summary>
    public ResponseTransform(ResponseMapping? mapping, JsonTemplate? template)
    {
        if (mapping is null && template is null)
        {
            throw new ArgumentException("Nothing to transform with.", nameof(template));
        }

        (_mapping, _template) = (mapping, template);
    }

    /// <summary>Null for a tool that shows answers as they come.</summary>
    public static ResponseTransform? Of(ToolSpec spec)
    {
        var mapping = spec.ResponseMapping is { } paths ? new ResponseMapping(Paths(paths.Include), Paths(paths.Exclude)) : null;
        var template = spec.ResponseTransform is { } transform ? JsonTemplate.OfStored(transform.Template) : null;
        return mapping is null && template is null ? null : new(mapping, template);
    }

    /// <summary>The answer, in a buffer that the caller disposes; or false and a fault in words for an agent.</summary>
    /// <param name="upstream">The body as it came; anything at all.</param>
    /// <param name="input">The call's arguments.</param>
    /// <param name="context">Who calls what.</param>
    /// <param name="maxBytes">The most that the answer may have.</param>
    /// <param name="answer">The new body.</param>
    /// <param name="fault">A sentence that names neither hosts nor values.</param>
    public bool TryApply(
        ReadOnlyMemory<byte> upstream, JsonElement input, TemplateContext context, int maxBytes, [NotNullWhen(true)] out AnswerBuffer? answer, out string fault)
    {
        answer = null;
        fault = Complaint(upstream.Span);
        if (fault.Length > 0)
        {
            return false;
        }

        if (_mapping is null)
        {
            return TryFill(upstream, new(input, default, context), maxBytes, out answer, out fault);
        }

        var mapped = new AnswerBuffer(upstream.Length + MappingPass.Spare);
        try
        {
            if (!_mapping.TryWrite(upstream.Span, mapped))
            {
                fault = NotJson;
                return false;
            }

            if (_template is not null)
            {
                return TryFill(mapped.Body, new(input, default, context), maxBytes, out answer, out fault);
            }

            if (mapped.Body.Length > maxBytes)
            {
                fault = $"What this tool keeps of the upstream's answer is over its limit of {maxBytes} bytes. Ask for less.";
                return false;
            }

            answer = mapped;
            return true;
        }
        finally
        {
            if (answer != mapped)
            {
                mapped.Dispose();
            }
        }
    }

    private static ResponsePath[] Paths(IReadOnlyList<string>? paths) => paths is null ? [] : [.. paths.Select(ResponsePath.OfStored)];

    private bool TryFill(ReadOnlyMemory<byte> json, TemplateScope scope, int maxBytes, [NotNullWhen(true)] out AnswerBuffer? answer, out string fault)
    {
        answer = null;
        if (Parse(json) is not { } document)
        {
            fault = NotJson;
            return false;
        }

        using (document)
        {
            var filled = new AnswerBuffer(Math.Min(json.Length, maxBytes));
            if (_template!.TryWrite(scope with { Response = document.RootElement }, filled, maxBytes, out fault) && IsShallow(filled.Body.Span))
            {
                answer = filled;
                return true;
            }

            filled.Dispose();
            fault = fault.Length > 0 ? fault : $"What this tool makes of the upstream's answer is nested more than {JsonBody.MaxDepth} deep.";
            return false;
        }
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, JsonBody.DocumentOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A deep value inside a nested template is deeper than either; whoever reads the answer next must not stumble over it.
    private bool IsShallow(ReadOnlySpan<byte> json) => _template!.DeepestValue <= 0 || JsonBody.IsReadable(json);

    private static string Complaint(ReadOnlySpan<byte> upstream)
    {
        var start = upstream.TrimStart(" \t\r\n"u8);
        return start.IsEmpty ? "The upstream answered without content, but this tool makes its answer from the upstream's JSON."
            : start[0] == (byte)'<' ? "The upstream answered with a page of HTML or XML where this tool needs JSON; its endpoint may be wrong or require a sign-in."
            : !Utf8.IsValid(upstream) || JsonText.HasLoneSurrogate(upstream) ? NotJson
            : "";
    }
}
