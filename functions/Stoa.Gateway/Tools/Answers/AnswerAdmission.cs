using Stoa.Gateway.Resources;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Templates;

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

        CheckPaths(document, "spec.responseMapping.include", spec.ResponseMapping?.Include, faults);
        CheckPaths(document, "spec.responseMapping.exclude", spec.ResponseMapping?.Exclude, faults);
        CheckPath(document, "spec.pagination.items", spec.Pagination?.Items, isOne: true, faults);
        CheckPath(document, "spec.pagination.nextCursor", spec.Pagination?.NextCursor, isOne: true, faults);
        CheckTemplate(document, spec, faults);
    }

    private static void CheckTemplate(ResourceDocument document, ToolSpec spec, List<ResourceFault> faults)
    {
        const string Path = "spec.responseTransform.template";
        if (spec.ResponseTransform is not { } transform)
        {
            return;
        }

        if (!JsonTemplate.TryCompile(transform.Template, out var template, out var fault))
        {
            faults.Add(document.Fault(Path, new(fault.Line, fault.Column), fault.Reason));
            return;
        }

        new InputNames(spec.InputSchema).Check(document, Path, template.Reads, at => at, faults);
    }

    private static void CheckPaths(ResourceDocument document, string list, IReadOnlyList<string>? paths, List<ResourceFault> faults)
    {
        for (var i = 0; i < paths?.Count; i++)
        {
            CheckPath(document, $"{list}[{i}]", paths[i], isOne: false, faults);
        }
    }

    private static void CheckPath(ResourceDocument document, string path, string? text, bool isOne, List<ResourceFault> faults)
    {
        if (text is null)
        {
            return;
        }

        if (!ResponsePath.TryCompile(text, out var compiled, out var fault))
        {
            faults.Add(document.Fault(path, new(fault.Line, fault.Column), fault.Reason));
        }
        else if (isOne && compiled.Steps.ToArray().Any(s => !s.IsMember && s.TakesItem(0) && s.TakesItem(1)))
        {
            faults.Add(document.Fault(path, "This must lead to one place, so it cannot hold `[]`."));
        }
    }
}
