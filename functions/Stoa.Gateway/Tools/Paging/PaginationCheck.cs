using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>Which fields of <c>pagination</c> need each other, and which tools can have pages at all.</summary>
internal static class PaginationCheck
{
    private static readonly Dictionary<string, string[]> Needed = new(StringComparer.Ordinal)
    {
        ["offset"] = ["offsetParam"],
        ["page"] = ["pageParam"],
        ["cursor"] = ["cursorParam", "nextCursor"],
        ["link"] = [],
    };

    private static readonly string[] Starts = ["offsetParam", "pageParam", "cursorParam"];

    public static void Run(DocumentTree document, FaultList faults)
    {
        if (document.Find("spec.pagination") is not MapNode pages || document.Text("spec.pagination.type") is not { } type)
        {
            return;
        }

        foreach (var field in Needed[type].Where(f => pages[f] is null && !faults.Concern($"spec.pagination.{f}")))
        {
            faults.Add(document.Fault("spec.pagination", $"`type: {type}` needs `{field}` beside it."));
        }

        foreach (var field in Starts.Where(f => pages[f] is not null && !Needed[type].Contains(f)))
        {
            faults.Add(document.Fault($"spec.pagination.{field}", $"`{field}` has no meaning for `type: {type}`; remove it or change the type."));
        }

        if (type is "offset" or "page" && pages["nextCursor"] is not null)
        {
            faults.Add(document.Fault("spec.pagination.nextCursor", $"`nextCursor` has no meaning for `type: {type}`; remove it or use `type: cursor`."));
        }

        if (Number(pages, "defaultLimit") > Number(pages, "maxLimit"))
        {
            var field = document.TryLocate("spec.pagination.defaultLimit", out _) ? "defaultLimit" : "maxLimit";
            faults.Add(document.Fault($"spec.pagination.{field}", $"`defaultLimit` ({Number(pages, "defaultLimit")}) is more than `maxLimit` ({Number(pages, "maxLimit")})."));
        }

        CheckNames(document, pages, faults);
        CheckMethod(document, faults);
    }

    private static void CheckNames(DocumentTree document, MapNode pages, FaultList faults)
    {
        if (pages["limitParam"] is ScalarNode limit && Starts.FirstOrDefault(f => pages[f] is ScalarNode start && start.Text == limit.Text) is { } same)
        {
            faults.Add(document.Fault("spec.pagination.limitParam", $"`limitParam` and `{same}` are the same query parameter."));
        }
    }

    // Reading a list several times must not do anything several times.
    private static void CheckMethod(DocumentTree document, FaultList faults)
    {
        var method = document.Text("spec.method");
        if (method is null or "GET" || (method != "HEAD" && (IsTrue(document, "readOnlyHint") || IsTrue(document, "idempotentHint"))))
        {
            return;
        }

        faults.Add(document.Fault("spec.pagination", method is "HEAD"
            ? "A HEAD has no answer to read pages from; use `method: GET`."
            : $"Pages are read by several requests, and a {method} may change something each time; use `method: GET`, or say `annotations.readOnlyHint: true` if it only reads."));
    }

    private static bool IsTrue(DocumentTree document, string hint) => document.Find($"spec.annotations.{hint}") is ScalarNode { Kind: ScalarKind.Flag, Text: "true" };

    private static long Number(MapNode pages, string field) => pages[field] is ScalarNode { Kind: ScalarKind.Number } scalar && long.TryParse(scalar.Text, out var number) ? number : 0;
}
