namespace Stoa.Gateway.Tools.Paging;

/// <summary>How an endpoint is read page by page. Which names are present depends on <paramref name="Type"/>.</summary>
/// <param name="Items">Path of the list in an answer; null when the answer is the list.</param>
/// <param name="NextCursor">Path of the next cursor in an answer.</param>
internal sealed record PaginationSpec(
    PaginationType Type, string? Items, string? LimitParam, string? OffsetParam, string? PageParam, string? CursorParam, string? NextCursor, int FirstPage,
    int DefaultLimit, int MaxLimit, int MaxPages, int MaxItems);

internal enum PaginationType
{
    Offset,
    Page,
    Cursor,

    /// <summary>RFC 8288, relation <c>next</c>.</summary>
    Link,
}
