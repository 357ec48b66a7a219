using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.OpenApi;

/// <summary>What credential an operation asks for, in the words of a Tool's <c>auth</c>.</summary>
/// <param name="IsPublic">The description says outright that none is needed.</param>
/// <param name="Types">A Tool's auth types that would do; empty when none is needed, or none is known.</param>
/// <param name="Words">For people; empty when none is needed.</param>
internal sealed record SecurityNeeds(bool IsPublic, IReadOnlyList<string> Types, string Words)
{
    private const int Most = 20;

    public static SecurityNeeds Of(ApiDocument api, ApiOperation operation)
    {
        var own = operation.Node.Member("security");
        var requirements = (own ?? api.Root.Member("security")).Items().Take(Most).ToArray();
        if (requirements.Length == 0 || requirements.Any(r => r.ValueKind is JsonValueKind.Object && r.GetPropertyCount() == 0))
        {
            return new(own is not null && requirements.Length == 0, [], "");
        }

        var schemes = requirements.SelectMany(r => ((JsonElement?)r).Members().Take(Most)).Select(s => s.Name).Distinct().Take(Most)
            .Select(name => Read(api, name)).ToArray();
        return new(false, [.. schemes.Select(s => s.Type).OfType<string>().Distinct()], string.Join(" or ", schemes.Select(s => s.Words).Distinct()));
    }

    private static (string? Type, string Words) Read(ApiDocument api, string name)
    {
        var given = api.Root.Member("components")?.Member("securitySchemes")?.Member(name);
        if (given is not { } reference || !api.TryFollow(reference, out var scheme, out _))
        {
            return (null, $"`{JsonText.Shorten(name, 60)}`, which is not described");
        }

        return (scheme.Text("type"), scheme.Text("scheme")?.ToUpperInvariant()) switch
        {
            ("apiKey", _) => ("apiKey", $"`auth.type: apiKey` (in {scheme.Text("in")}, name `{JsonText.Shorten(scheme.Text("name") ?? "", 60)}`)"),
            ("http", "BEARER") => ("bearer", "`auth.type: bearer`"),
            ("http", "BASIC") => ("basic", "`auth.type: basic`"),
            ("oauth2" or "openIdConnect", _) => ("oauth2", "`auth.type: oauth2` (or bearer)"),
            ("mutualTLS", _) => ("mtls", "`auth.type: mtls`"),
            _ => (null, $"the scheme `{JsonText.Shorten(name, 60)}`, for which a Tool has no auth type"),
        };
    }

    /// <summary>Whether a tool with this auth type gives what is asked for, as far as that can be told.</summary>
    public bool IsMetBy(string authType) =>
        Words.Length == 0 || Types.Contains(authType) || (authType == "bearer" && Types.Contains("oauth2")) || (authType == "oauth2" && Types.Contains("bearer"));
}
