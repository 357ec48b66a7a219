namespace Stoa.Gateway.OpenApi;

/// <summary>Decides which operations a ToolSet takes: all inclusions that are given must agree, and one exclusion suffices.</summary>
internal sealed class OperationFilter(ToolSetFilters filters)
{
    private readonly PathGlob[]? _includePaths = Globs(filters.IncludePaths);
    private readonly PathGlob[]? _excludePaths = Globs(filters.ExcludePaths);
    private readonly HashSet<string>? _ids = filters.OperationIds?.ToHashSet(StringComparer.Ordinal);

    public bool Takes(ApiOperation operation) =>
        filters.IncludeMethods?.Contains(operation.Method) is not false
        && filters.ExcludeMethods?.Contains(operation.Method) is not true
        && (_ids is null || (operation.Id is { } id && _ids.Contains(id)))
        && (filters.PathPrefix is not { } prefix || operation.Path.StartsWith(prefix, StringComparison.Ordinal))
        && filters.IncludeTags?.Intersect(operation.Tags).Any() is not false
        && filters.ExcludeTags?.Intersect(operation.Tags).Any() is not true
        && _includePaths?.Any(g => g.Matches(operation.Path)) is not false
        && _excludePaths?.Any(g => g.Matches(operation.Path)) is not true;

    private static PathGlob[]? Globs(IReadOnlyList<string>? patterns) => patterns?.Select(p => new PathGlob(p)).ToArray();
}
