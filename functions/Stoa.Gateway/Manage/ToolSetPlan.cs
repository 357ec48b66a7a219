using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>
/// Works out what one ToolSet does to its tenant's tools: adds those it makes now, changes those that differ, deletes those it made before.
/// All of it or, when anything is wrong with the set, nothing.
/// </summary>
internal sealed class ToolSetPlan(ResourceDocument set, Expansion expansion, Draft draft, AddressRules addresses, DateTimeOffset now)
{
    private readonly List<ResourceFault> _faults = [.. expansion.Faults];
    private readonly List<SkippedOperation> _skipped = [.. expansion.Skipped];
    private readonly List<(NextVersion Next, string Operation)> _tools = [];

    /// <summary>Why a tool may not be changed by a document of its own; null when it may.</summary>
    public static ResourceFault? Objection(ResourceDocument document, Resource? existing)
    {
        if (document.Kind != ToolKind.Schema.Kind)
        {
            return null;
        }

        if (existing is not null && ToolSetMembership.SetOf(existing) is { } owner)
        {
            return document.Fault("metadata.name", $"The Tool `{document.Name}` was made by the ToolSet `{owner}`; change it there, under `overrides` or `filters`.");
        }

        return document.Labels.ContainsKey(ToolSetKind.Label)
            ? document.Fault("metadata.labels", $"The label `{ToolSetKind.Label}` is for tools that a ToolSet makes; remove it.")
            : null;
    }

    public ApplyVerdict Judge()
    {
        foreach (var tool in expansion.Tools)
        {
            Judge(tool);
        }

        if (_faults.Count == 0 && _tools.Count == 0)
        {
            _faults.Add(set.Fault("spec.source", $"No operation becomes a tool: {expansion.FilteredOut} are filtered out, {_skipped.Count} skipped{(_skipped.Count == 0 ? "" : $", the first because {_skipped[0].Reason}")}. To remove the tools, delete the ToolSet."));
        }

        return _faults.Count > 0 ? ApplyVerdict.Invalid([.. _faults.Take(FaultList.Limit)]) : Decide();
    }

    private void Judge(GeneratedTool tool)
    {
        var existing = draft.Find(ToolKind.Schema.Kind, tool.Document.Name);
        if (existing is not null && ToolSetMembership.SetOf(existing) != set.Name)
        {
            _faults.Add(set.Fault("spec.naming", $"There is a Tool `{existing.Name}` already that this ToolSet did not make; {tool.Operation} needs another `name` under `overrides`, or a `naming.prefix`."));
            return;
        }

        var faults = new List<ResourceFault>();
        ToolAdmission.Check(tool.Document, addresses, name => draft.Find(SecretKind.Schema.Kind, name), faults);
        faults.AddRange(QuotaReferences.Check(tool.Document, draft));
        if (faults.Count == 0)
        {
            _tools.Add((Next(tool.Document, existing), tool.Operation));
        }
        else if (faults.Select(f => Blame.OnSet(set, tool.Authored, f)).OfType<ResourceFault>().ToArray() is { Length: > 0 } own)
        {
            _faults.AddRange(own.Where(f => !_faults.Contains(f)));
        }
        else
        {
            _skipped.Add(new(tool.Operation, Blame.OnDescription(faults[0])));
        }
    }

    private ApplyVerdict Decide()
    {
        var next = Next(set, draft.Find(set.Kind, set.Name), (ToolSetKind.HashAnnotation, expansion.SpecHash));
        var made = _tools.Select(t => t.Next.Resource.Name).ToHashSet(StringComparer.Ordinal);
        var gone = ToolSetMembership.ToolsOf(set.Name, draft.Resources).Where(t => !made.Contains(t.Name)).Select(t => t.Name).ToArray();
        var changed = _tools.Where(t => t.Next.Status is not ApplyStatus.Unchanged).Select(t => t.Next.Resource).ToArray();
        if (next.Status is not ApplyStatus.Unchanged)
        {
            draft.Put(next.Resource);
        }

        changed.ToList().ForEach(draft.Put);
        gone.ToList().ForEach(name => draft.Delete(ToolKind.Schema.Kind, name));
        var isUnchanged = next.Status is ApplyStatus.Unchanged && changed.Length + gone.Length == 0;
        var status = next.Status is ApplyStatus.Unchanged && !isUnchanged ? ApplyStatus.Updated : next.Status;
        return next.Verdict with { Status = status, ToolSet = Report(gone) };
    }

    private NextVersion Next(ResourceDocument document, Resource? existing, params (string, string)[] annotations) =>
        NextVersion.Of(document, existing, existing?.Uid ?? Guid.CreateVersion7(now).ToString("N"), document.Spec, now, annotations);

    private ToolSetReport Report(string[] gone)
    {
        var tools = _tools.Select(t => new ToolSetTool(t.Next.Resource.Name, t.Operation, WordOf(t.Next.Status)))
            .Concat(gone.Select(name => new ToolSetTool(name, null, "deleted")));
        return new(expansion.SpecHash, [.. tools], _skipped, expansion.Findings, expansion.FilteredOut);
    }

    private static string WordOf(ApplyStatus status) => status switch
    {
        ApplyStatus.Created => "created",
        ApplyStatus.Updated => "updated",
        _ => "unchanged",
    };
}
