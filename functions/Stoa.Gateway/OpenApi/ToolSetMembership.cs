using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.OpenApi;

/// <summary>Which tools belong to which ToolSet: their label says so, and only the gateway writes that label.</summary>
internal static class ToolSetMembership
{
    /// <summary>The name of the ToolSet that made the tool; null for any other resource.</summary>
    public static string? SetOf(Resource resource)
    {
        if (resource.Kind != ToolKind.Schema.Kind || resource.Notes.Span.IndexOf("\"stoa.dev/toolset\""u8) < 0)
        {
            return null;
        }

        using var notes = JsonDocument.Parse(resource.Notes);
        return notes.RootElement.Member("labels")?.Text(ToolSetKind.Label);
    }

    public static IEnumerable<Resource> ToolsOf(string set, IEnumerable<Resource> resources) => resources.Where(r => SetOf(r) == set);
}
