namespace Stoa.Cli.Documents;

/// <summary>Kinds as people type them and as URLs have them. What is not in the list goes to the gateway as it is: it may know more kinds.</summary>
internal static class KindNames
{
    /// <summary>Singular and plural; a test compares with the gateway's.</summary>
    public static IReadOnlyList<(string Kind, string Plural)> Known { get; } =
    [
        ("Tenant", "tenants"), ("Consumer", "consumers"), ("QuotaPolicy", "quotapolicies"), ("Plan", "plans"), ("Subscription", "subscriptions"),
        ("Secret", "secrets"), ("Tool", "tools"), ("ToolSet", "toolsets"), ("LlmProvider", "llmproviders"), ("LlmRoute", "llmroutes"),
    ];

    public static string PluralOf(string word)
    {
        var lower = word.ToLowerInvariant();
        return Known.FirstOrDefault(k => k.Plural == lower || k.Kind.Equals(word, StringComparison.OrdinalIgnoreCase)).Plural
            ?? lower;
    }

    /// <summary>The known kind that a word was probably meant to be.</summary>
    public static string? Nearest(string word) => Cli.Nearest.Among(word, Known.SelectMany(k => new[] { k.Kind.ToLowerInvariant(), k.Plural }));

    /// <summary>How output names a resource: <c>tool/get_weather</c>.</summary>
    public static string Label(string kind, string name) => $"{kind.ToLowerInvariant()}/{name}";

    /// <summary>Lower is deleted earlier: what refers to others goes before what is referred to, tenants last.</summary>
    public static int DeletionOrder(string kind) => PluralOf(kind) switch
    {
        "tenants" => 4,
        "quotapolicies" => 3,
        "consumers" or "plans" => 2,
        "secrets" => 2,
        "llmproviders" => 1,
        _ => 0,
    };
}
