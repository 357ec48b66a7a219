namespace Stoa.Gateway.Kernel;

/// <summary>A pattern for names of tools or models: a name, or the beginning of names followed by <c>*</c>.</summary>
internal static class NamePattern
{
    public static bool IsPrefix(string pattern) => pattern.EndsWith('*');

    public static bool Matches(string pattern, string name) => IsPrefix(pattern)
        ? name.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal)
        : pattern == name;
}
