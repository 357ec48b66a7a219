namespace Stoa.Gateway.Kernel;

/// <summary>
/// The tools or the models that a credential or a plan may see: names, or prefixes ending in <c>*</c>. What it may not see does not exist for it,
/// in lists and in calls alike.
/// </summary>
public sealed class NameFilter
{
    private readonly IReadOnlyList<string>? _patterns;
    private readonly NameFilter? _also;

    private NameFilter(IReadOnlyList<string>? patterns, NameFilter? also) => (_patterns, _also) = (patterns, also);

    /// <summary>Every name.</summary>
    public static NameFilter All { get; } = new(null, null);

    /// <summary>The patterns; null means every name.</summary>
    public static NameFilter Of(IReadOnlyList<string>? patterns) => patterns is null ? All : new(patterns, null);

    /// <summary>What both let through.</summary>
    public NameFilter And(NameFilter other) =>
        ReferenceEquals(this, All) ? other : ReferenceEquals(other, All) ? this : new(_patterns, _also is null ? other : _also.And(other));

    public bool Allows(string name) => Matches(name) && (_also is null || _also.Allows(name));

    private bool Matches(string name)
    {
        if (_patterns is null)
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            if (NamePattern.Matches(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
