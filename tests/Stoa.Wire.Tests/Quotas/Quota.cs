using System.Text.Json;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Policies as YAML, and what answers say of them.</summary>
internal static class Quota
{
    /// <summary>Names a policy in the spec of whatever it limits.</summary>
    public const string By = "quotaPolicyRef: { name: small }";

    public static string Policy(string spec, string name = "small", string tenant = "acme") => $"""
        apiVersion: gostoa.dev/v1alpha1
        kind: QuotaPolicy
        metadata: {"{"} name: {name}, namespace: {tenant} {"}"}
        spec: {"{"} {spec} {"}"}

        """;

    /// <summary>Limits the consumer <c>agent</c>.</summary>
    public static Task LimitAgentAsync(this World world, string policy) =>
        world.ApplyAsync(Policy(policy), Given.Consumer("agent", $"scopes: [stoa:write]\n{By}"));

    /// <summary>What a REST refusal says, as one line.</summary>
    public static string Refusal(this Reply reply) =>
        $"{reply.Status} {Text(reply.Json, "error")} {Text(reply.Json, "scope")} {Text(reply.Json, "limit")} {Text(reply.Json, "allowed")}";

    /// <summary>A member as text, empty when it is not there.</summary>
    public static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ToString() : "";

    /// <summary>A scope's limit in the answer of the usage API, as <c>used/limit</c>.</summary>
    public static string Used(this Reply reply, string scope, string counts = "requests", string per = "minute")
    {
        var limits = reply.Json.GetProperty("scopes").EnumerateArray().Single(s => s.GetProperty("scope").GetString() == scope).GetProperty("limits");
        var limit = limits.EnumerateArray().Single(l => l.GetProperty("counts").GetString() == counts && l.GetProperty("per").GetString() == per);
        return $"{limit.GetProperty("used")}/{limit.GetProperty("limit")}";
    }
}
