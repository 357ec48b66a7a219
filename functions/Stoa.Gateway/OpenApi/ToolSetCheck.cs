using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.OpenApi;

/// <summary>What no single field of a <c>ToolSet</c> can tell.</summary>
internal static class ToolSetCheck
{
    public static void Run(DocumentTree document, FaultList faults)
    {
        if (document.Find("spec.source") is MapNode source)
        {
            CheckSource(source, document, faults);
        }

        CheckUrl("spec.baseURL", document, faults);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in (document.Find("spec.overrides") as ListNode)?.Items.Index() ?? [])
        {
            CheckOverride($"spec.overrides[{index}]", (MapNode)item, seen, document, faults);
        }
    }

    private static void CheckSource(MapNode source, DocumentTree document, FaultList faults)
    {
        if ((source["url"] is null) == (source["inline"] is null) && !faults.Concern("spec.source"))
        {
            faults.Add(document.Fault("spec.source", "Give exactly one of `url` and `inline`."));
        }

        if (source["inline"] is { } inline and not (MapNode or ScalarNode { Kind: ScalarKind.Text }))
        {
            faults.Add(document.Fault("spec.source.inline", $"Expected the description as text or as a map, found {Wording.Kind(inline)}."));
        }

        CheckUrl("spec.source.url", document, faults);
    }

    private static void CheckUrl(string path, DocumentTree document, FaultList faults)
    {
        if (document.Text(path) is not { } url)
        {
            return;
        }

        if (EndpointTemplate.Parse(url, out var complaint) is not { } template)
        {
            faults.Add(document.Fault(path, complaint!));
        }
        else if (template.Parameters.Count > 0)
        {
            faults.Add(document.Fault(path, "Write the URL without braces."));
        }
        else if (path == "spec.baseURL" && url.Contains('?', StringComparison.Ordinal))
        {
            faults.Add(document.Fault(path, "Write the URL without a query; paths of operations are put behind it."));
        }
    }

    private static void CheckOverride(string path, MapNode item, HashSet<string> seen, DocumentTree document, FaultList faults)
    {
        if ((item["operationId"] is null) == (item["operation"] is null))
        {
            if (!faults.Concern(path))
            {
                faults.Add(document.Fault(path, "Give exactly one of `operationId` and `operation`, to say which operation is meant."));
            }
        }
        else if ((item["operationId"] ?? item["operation"]) is ScalarNode { Text: var meant } && !seen.Add(meant))
        {
            faults.Add(document.Fault(path, "This operation has an override already; put both in one."));
        }
    }
}
