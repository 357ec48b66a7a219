using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// The result of tools/call. JSON goes out twice, as text for models and as <c>structuredContent</c> for programs (SHOULD, 2025-06-18
/// tools); the upstream's bytes are written as they came.
/// </summary>
internal sealed class ToolCallResult(Answer answer, string version) : McpResult(version == ProtocolVersions.Modern)
{
    /// <summary>Invalid arguments as the model sees them from 2025-11-25 on, so that it can mend its call.</summary>
    public static ToolCallResult OfInvalidArguments(Refusal refusal, string version)
    {
        var text = new StringBuilder(refusal.Message);
        foreach (var finding in refusal.Findings)
        {
            text.Append("\n- ").Append(finding);
        }

        return new(Kernel.Answer.Error(text.ToString()), version);
    }

    protected override IDisposable Answer => answer;

    protected override void WriteMembers(Utf8JsonWriter json)
    {
        var isUnknown = answer.Form is AnswerForm.Audio && !ProtocolVersions.HasAnnotationsAndAudio(version);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        switch (answer.Form)
        {
            case AnswerForm.Image:
                WriteMedia(json, "image"u8);
                break;
            case AnswerForm.Audio when isUnknown:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, "The upstream answered with audio, which this revision of MCP cannot carry."u8);
                break;
            case AnswerForm.Audio:
                WriteMedia(json, "audio"u8);
                break;
            default:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, answer.Body.Span);
                break;
        }

        json.WriteEndObject();
        if (answer.Remark is { } remark)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, remark);
            json.WriteEndObject();
        }

        json.WriteEndArray();

        // Any JSON value from 2026-07-28 on; an object before.
        if (answer.Form is AnswerForm.JsonObject || (answer.Form is AnswerForm.JsonValue && IsModern))
        {
            if (ProtocolVersions.HasStructuredOutput(version))
            {
                json.WritePropertyName("structuredContent"u8);
                json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
            }
        }

        json.WriteBoolean("isError"u8, answer.IsError || isUnknown);
    }

    private void WriteMedia(Utf8JsonWriter json, ReadOnlySpan<byte> type)
    {
        json.WriteString("type"u8, type);
        json.WriteBase64String("data"u8, answer.Body.Span);
        json.WriteString("mimeType"u8, answer.MediaType);
    }
}
