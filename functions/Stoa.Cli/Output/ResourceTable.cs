using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>What a list shows of each resource, by kind; of a kind unknown here the name and age.</summary>
internal static class ResourceTable
{
    private static readonly Column Name = new("NAME", r => r.Text("metadata.name"));

    private static readonly Dictionary<string, Column[]> Columns = new()
    {
        ["tools"] =
        [
            Name,
            new("METHOD", r => r.Text("spec.method")),
            new("ENDPOINT", r => r.Text("spec.endpoint")),
            new("AUTH", r => r.Text("spec.auth.type")),
            new("STATUS", r => r.Text("status.phase") is { Length: > 0 } phase ? phase : r.Text("spec.enabled") == "false" ? "Disabled" : "Registered"),
        ],
        ["toolsets"] = [Name, new("SOURCE", r => r.Text("spec.source.url") is { Length: > 0 } url ? url : "inline"), new("PREFIX", r => r.Text("spec.naming.prefix"))],
        ["consumers"] =
        [
            Name,
            new("TYPE", r => r.Text("spec.type")),
            new("SCOPES", r => r.Text("spec.scopes")),
            new("ROLE", r => r.Text("spec.role")),
            new("TOOLS", r => r.At("spec.tools") is null ? "all" : r.Text("spec.tools")),
            new("SUSPENDED", Suspended),
        ],
        ["secrets"] = [Name, new("KEYS", r => r.Text("spec.keys")), new("KEY VAULT", r => string.Join(",", (r.At("spec.keyVault") as JsonObject)?.Select(p => p.Key) ?? []))],
        ["tenants"] = [Name, new("DISPLAY NAME", r => r.Text("spec.displayName")), new("SUSPENDED", Suspended)],
    };

    public static TextTable Of(string plural, IReadOnlyList<JsonObject> resources, DateTimeOffset now)
    {
        Column[] columns = [.. Columns.GetValueOrDefault(plural, [Name]), new("AGE", r => Age.Since(r.Text("metadata.createdAt"), now))];
        var table = new TextTable([.. columns.Select(c => c.Head)]);
        foreach (var resource in resources)
        {
            table.Add([.. columns.Select(c => c.Read(resource))]);
        }

        return table;
    }

    private static string Suspended(JsonObject resource) => resource.Text("spec.suspended") == "true" ? "suspended" : "no";

    private sealed record Column(string Head, Func<JsonObject, string> Read);
}
