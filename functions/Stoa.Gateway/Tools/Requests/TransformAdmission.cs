using Stoa.Gateway.Resources;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>Compiles <c>requestTransform</c> and holds it against what there is when a request is made.</summary>
internal static class TransformAdmission
{
    public static void Check(ResourceDocument document, ToolSpec spec, InputNames inputs, List<ResourceFault> faults)
    {
        if (spec.RequestTransform is not { } transform)
        {
            return;
        }

        CheckNamed(document, "spec.requestTransform.queryParams", transform.QueryParams, inputs, faults);
        CheckNamed(document, "spec.requestTransform.headers", transform.Headers, inputs, faults);
        CheckHeaderNames(document, spec, transform.Headers, faults);
        CheckBody(document, spec, transform.Body, inputs, faults);
    }

    private static void CheckNamed(ResourceDocument document, string list, IReadOnlyList<NamedTemplate> templates, InputNames inputs, List<ResourceFault> faults)
    {
        for (var i = 0; i < templates.Count; i++)
        {
            var template = templates[i];
            var path = $"{list}[{i}]";
            if ((template.Value is null) == (template.ValueFrom is null))
            {
                faults.Add(document.Fault(path, "Give exactly one of `value` and `valueFrom`."));
                continue;
            }

            var field = $"{path}.{(template.Value is null ? "valueFrom" : "value")}";
            if (template.ValueFrom is { } from && !from.StartsWith('.') && !from.Contains("{{", StringComparison.Ordinal))
            {
                faults.Add(document.Fault(field, "Expected a path such as `.input.city` or `.context.requestId`; text that is sent as it is belongs in `value`."));
            }
            else if (!TextTemplate.TryCompile(template.Text, out var compiled, out var fault))
            {
                faults.Add(document.Fault(field, InAuthorsText(new(fault.Line, fault.Column), template), fault.Reason));
            }
            else
            {
                CheckReads(document, field, compiled.Reads, at => InAuthorsText(at, template), inputs, faults);
            }
        }
    }

    private static void CheckHeaderNames(ResourceDocument document, ToolSpec spec, IReadOnlyList<NamedTemplate> headers, List<ResourceFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < headers.Count; i++)
        {
            var name = headers[i].Name;
            var complaint = HeaderRules.Complaint(name, CredentialNames.HeaderOf(spec.Auth));
            if (complaint is not null || !seen.Add(name))
            {
                faults.Add(document.Fault($"spec.requestTransform.headers[{i}].name", complaint ?? $"The header `{name}` is set above already."));
            }
        }
    }

    private static void CheckBody(ResourceDocument document, ToolSpec spec, string? body, InputNames inputs, List<ResourceFault> faults)
    {
        const string Path = "spec.requestTransform.body";
        if (body is null)
        {
            return;
        }

        if (spec.Method is "GET" or "HEAD")
        {
            faults.Add(document.Fault(Path, $"A {spec.Method} has no body; use `queryParams`, or another method."));
        }

        if (!JsonTemplate.TryCompile(body, out var template, out var fault))
        {
            faults.Add(document.Fault(Path, new(fault.Line, fault.Column), fault.Reason));
        }
        else
        {
            CheckReads(document, Path, template.Reads, at => at, inputs, faults);
        }
    }

    private static void CheckReads(
        ResourceDocument document, string path, TemplateReads reads, Func<Position, Position> place, InputNames inputs, List<ResourceFault> faults)
    {
        foreach (var reference in reads.References.Where(r => r.Root is TemplateRoot.Response))
        {
            faults.Add(document.Fault(path, place(reference.At), "There is no `.response` yet when a request is made; it can be read in `responseTransform`."));
        }

        inputs.Check(document, path, reads, place, faults);
    }

    // A bare path is compiled within braces that its author did not write.
    private static Position InAuthorsText(Position at, NamedTemplate template) =>
        at.Line == 1 && template.Value is null && template.Text.Length != template.ValueFrom!.Length ? new(1, Math.Max(1, at.Column - 2)) : at;
}
