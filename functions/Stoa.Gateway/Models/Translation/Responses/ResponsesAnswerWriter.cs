using System.Text;
using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>Writes a reply as a response.</summary>
internal static class ResponsesAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, Reply reply, AnswerTerms terms)
    {
        var status = ResponseObject.StatusOf(reply.Stop, reply.Parts.Any(p => p is RefusalPart));
        writer.WriteStartObject();
        ResponseObject.Write(
            writer,
            new ResponseObject.Head($"resp_{terms.Id}", terms.Now.ToUnixTimeSeconds(), terms.Model, status, reply.Stop, reply.Usage, null),
            w => WriteOutput(w, reply, terms.Id, status));
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteOutput(Utf8JsonWriter writer, Reply reply, string id, string status)
    {
        var index = 0;
        writer.WriteStartArray();
        for (var i = 0; i < reply.Parts.Count; i++)
        {
            var itemStatus = i == reply.Parts.Count - 1 ? status : "completed";
            switch (reply.Parts[i])
            {
                case TextPart text:
                    ResponseItems.WriteMessage(writer, $"msg_{id}_{index++}", itemStatus, true, Bytes(text.Text), isRefusal: false);
                    break;
                case RefusalPart refusal:
                    ResponseItems.WriteMessage(writer, $"msg_{id}_{index++}", itemStatus, true, Bytes(refusal.Text), isRefusal: true);
                    break;
                case ThinkingPart thinking:
                    ResponseItems.WriteReasoning(writer, $"rs_{id}_{index++}", !thinking.Text.IsEmpty, Bytes(thinking.Text), thinking.Seal);
                    break;
                case ToolCallPart call:
                    if (call.Seal is { } seal)
                    {
                        ResponseItems.WriteReasoning(writer, $"rs_{id}_{index++}", false, default, seal);
                    }

                    ResponseItems.WriteCall(
                        writer, $"fc_{id}_{index++}", itemStatus, call.Id.ToString(), call.Name.ToString(), Encoding.UTF8.GetBytes(call.Arguments.ToString()));
                    break;
                default:
                    throw new InvalidOperationException($"{reply.Parts[i].GetType().Name} is no part of an answer.");
            }
        }

        writer.WriteEndArray();
    }

    private static byte[] Bytes(Text text) => Encoding.UTF8.GetBytes(text.ToString());
}
