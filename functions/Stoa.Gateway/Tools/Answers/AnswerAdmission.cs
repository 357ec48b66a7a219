using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>What a tool makes of an answer must be possible: schemas, paths and templates that compile.</summary>
internal static class AnswerAdmission
{
    public static void Check(ResourceDocument document, ToolSpec spec, List<ResourceFault> faults)
    {
        if (spec.OutputSchema is { } output)
        {
            ToolAdmission.CheckSchema(document, "spec.outputSchema", output, faults);
        }
    }
}
