using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>Shortens an answer for a model, unless that would break the schema that the tool promises; what was cut is said in the remark.</summary>
internal static class AnswerReduction
{
    /// <summary>Takes over the answer: it is what comes back, or it is disposed here.</summary>
    public static Answer Apply(Tool tool, Answer answer, ReductionLevel level)
    {
        if (level is ReductionLevel.None || answer.Form is not (AnswerForm.JsonObject or AnswerForm.JsonValue) || !Reduction.TryApply(level, answer.Body.Span, out var reduced, out var report))
        {
            return answer;
        }

        if (!Fits(tool, reduced))
        {
            reduced.Dispose();
            return answer;
        }

        var cuts = report.ToString();
        var shorter = new Answer(answer.Form, reduced.Body, reduced)
        {
            UpstreamStatus = answer.UpstreamStatus,
            Remark = cuts.Length == 0 ? answer.Remark : answer.Remark is null ? cuts : $"{answer.Remark} {cuts}",
        };
        answer.Dispose();
        return shorter;
    }

    private static bool Fits(Tool tool, AnswerBuffer reduced)
    {
        if (tool.Output is not { } schema)
        {
            return true;
        }

        using var document = JsonDocument.Parse(reduced.Body, JsonBody.DocumentOptions);
        return schema.IsValid(document.RootElement);
    }
}
