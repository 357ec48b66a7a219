namespace Stoa.Gateway.Models;

/// <summary>Patterns for names of models: a name, or the beginning of one followed by <c>*</c>.</summary>
internal static class ModelNames
{
    public static bool IsPattern(string text) => text.EndsWith('*');

    public static bool Matches(string pattern, string name) => IsPattern(pattern)
        ? name.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal)
        : pattern == name;
}
