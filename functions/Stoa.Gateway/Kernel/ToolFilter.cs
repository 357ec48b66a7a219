namespace Stoa.Gateway.Kernel;

/// <summary>
/// The tools that a credential may see: names, or prefixes ending in <c>*</c>. What it may not see does not exist for it, in lists and
/// in calls alike.
/// </summary>
public sealed class ToolFilter(IReadOnlyList<string>? patterns)
{
    /// <summary>Every tool.</summary>
    public static ToolFilter All { get; } = new(null);

    public bool Allows(string tool)
    {
        if (patterns is null)
        {
            return true;
        }

        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*') ? tool.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal) : tool == pattern)
            {
                return true;
            }
        }

        return false;
    }
}
