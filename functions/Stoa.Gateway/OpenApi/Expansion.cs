using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.OpenApi;

/// <summary>What a ToolSet comes to: its tools, or the faults for which there are none.</summary>
/// <param name="SpecHash">SHA-256 of the description.</param>
/// <param name="Skipped">Operations that the filters take and that became no tool.</param>
/// <param name="Findings">What works and still deserves a look.</param>
/// <param name="FilteredOut">How many operations the filters left out.</param>
internal sealed record Expansion(
    string SpecHash,
    IReadOnlyList<GeneratedTool> Tools,
    IReadOnlyList<SkippedOperation> Skipped,
    IReadOnlyList<string> Findings,
    int FilteredOut,
    IReadOnlyList<ResourceFault> Faults)
{
    public const int MostTools = 5000;

    /// <summary>Of all specs together; a tenant holds little more.</summary>
    public const int MostBytes = 24 * 1024 * 1024;

    private const int MostFieldsOfOperation = 200;

    /// <summary>Reads the set's source and makes its tools. Nothing of it is in force by that.</summary>
    public static async ValueTask<Expansion> OfAsync(ResourceDocument set, EgressClient egress, CancellationToken ct)
    {
        var spec = JsonSerializer.Deserialize(set.Spec.Span, ToolSetJson.Default.ToolSetSpec)!;
        var (description, path, complaint) = await Description.ReadAsync(spec.Source, egress, ct);
        if (description is null)
        {
            return Failed(set.Fault(path, complaint));
        }

        using (description)
        {
            return ApiDocument.Read(description.Json.RootElement, out complaint) is { } api
                ? Of(set, spec, api, description, ct)
                : Failed(set.Fault(path, complaint));
        }
    }

    public static Expansion Failed(ResourceFault fault) => new("", [], [], [], 0, [fault]);

    private static Expansion Of(ResourceDocument set, ToolSetSpec spec, ApiDocument api, Description description, CancellationToken ct)
    {
        var budget = new CopyBudget();
        var maker = new ToolMaker(set, spec, api, description.From, budget);
        var filter = new OperationFilter(spec.Filters);
        var (tools, skipped, faults) = (new Dictionary<string, GeneratedTool>(StringComparer.Ordinal), new List<SkippedOperation>(), new FaultList());
        var findings = new ExpansionFindings(spec, maker.Overrides);
        var (seen, filteredOut, bytes) = (0, 0, 0L);
        foreach (var operation in ApiOperations.In(api, skipped))
        {
            ct.ThrowIfCancellationRequested();
            findings.Saw(operation);
            if (++seen > ApiOperations.Most || tools.Count > MostTools || bytes > MostBytes || budget.IsSpent || faults.IsFull)
            {
                faults.Add(set.Fault("spec.filters", TooMuch(seen, tools.Count, budget.IsSpent)));
                break;
            }

            if (!filter.Takes(operation))
            {
                filteredOut++;
                continue;
            }

            var made = operation.Node.GetPropertyCount() > MostFieldsOfOperation ? MadeTool.Skip("it has too many fields") : maker.Make(operation);
            made.Faults.ToList().ForEach(faults.Add);
            if (made.Skipped is { } reason)
            {
                skipped.Add(new(operation.Label, reason));
            }
            else if (made.Tool is { } tool)
            {
                bytes += tool.Document.Spec.Length;
                findings.Made(made);
                if (!tools.TryAdd(tool.Document.Name, tool))
                {
                    faults.Add(set.Fault("spec.naming", $"{tools[tool.Document.Name].Operation} and {tool.Operation} would both be the tool `{tool.Document.Name}`; give one of them another `name` under `overrides`, or filter it out."));
                }
            }
        }

        return new(description.Hash, [.. tools.Values], skipped, [.. findings.Said()], filteredOut, faults.InOrder());
    }

    private static string TooMuch(int seen, int tools, bool isSpent) =>
        seen > ApiOperations.Most ? $"The description has more than {ApiOperations.Most:N0} operations; cut it up first."
        : tools > MostTools ? $"More than {MostTools:N0} operations would become tools; narrow the filters."
        : isSpent ? $"The schemas come to more than {CopyBudget.MaxInAll / 1024 / 1024} MiB, written out for each tool; narrow the filters."
        : $"The tools come to more than {MostBytes / 1024 / 1024} MiB; narrow the filters.";
}
