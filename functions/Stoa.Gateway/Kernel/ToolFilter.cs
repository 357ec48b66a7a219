namespace Stoa.Gateway.Kernel;

/// <summary>
/// The tools (or models) that a credential may see: names, or prefixes ending in <c>*</c>. What it may not see does not exist for it, in
/// lists and in calls alike.
/// </summary>
public sealed class ToolFilter
{
    private readonly IReadOnlyList<string>? _patterns;
    private readonly ToolFilter? _also;

    private ToolFilter(IReadOnlyList<string>? patterns, ToolFilter? also) => (_patterns, _also) = (patterns, also);

    /// <summary>Every tool.</summary>
    public static ToolFilter All { get; } = new(null, null);

    /// <summary>The patterns; null means every tool.</summary>
    public static ToolFilter Of(IReadOnlyList<string>? patterns) => patterns is null ? All : new(patterns, null);

    /// <summary>What both let through.</summary>
    public ToolFilter And(ToolFilter other) =>
        ReferenceEquals(this, All) ? other : ReferenceEquals(other, All) ? this : new(_patterns, _also is null ? other : _also.And(other));

    public bool Allows(string tool) => Matches(tool) && (_also is null || _also.Allows(tool));

    private bool Matches(string tool)
    {
        if (_patterns is null)
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            if (pattern.EndsWith('*') ? tool.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal) : tool == pattern)
            {
                return true;
            }
        }

        return false;
    }
}
