using System.Buffers;

namespace Stoa.Gateway.Kernel;

/// <summary>
/// A tenant's slug: 3 to 40 of <c>a-z 0-9 -</c>, starting and ending with a letter or digit, no two hyphens in a row. Safe as a
/// partition key, path segment and blob name, and <c>--</c> is free to separate it from what follows.
/// </summary>
public readonly record struct TenantId
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "3 to 40 characters of a-z, 0-9 and single hyphens, starting and ending with a letter or digit";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _slug;

    private TenantId(string slug) => _slug = slug;

    public static bool TryParse(ReadOnlySpan<char> text, out TenantId id)
    {
        id = default;
        if (text.Length is < 3 or > 40 || text.ContainsAnyExcept(Allowed) || text[0] == '-' || text[^1] == '-' || text.Contains("--", StringComparison.Ordinal))
        {
            return false;
        }

        id = new(text.ToString());
        return true;
    }

    public override string ToString() => _slug ?? throw new InvalidOperationException("A default TenantId names nobody.");
}
