using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>The field <c>pagination</c> of a tool.</summary>
internal static class PaginationShape
{
    public static ObjectShape Pagination => Shape.Object(
        new("type", Shape.Choice("offset", "page", "cursor", "link"), "How the next page is asked for; `link` follows the Link header (RFC 8288).") { Required = true },
        new("items", Shape.Text(1, 256), "Path of the list in an answer; without it the answer is the list.") { Aliases = ["itemsPath"], Example = "data.items" },
        new("limitParam", Shape.Text(1, 128), "Query parameter for the size of a page; an argument of this name sets it."),
        new("offsetParam", Shape.Text(1, 128), "Query parameter for how many items to skip."),
        new("pageParam", Shape.Text(1, 128), "Query parameter for the page's number."),
        new("cursorParam", Shape.Text(1, 128), "Query parameter for the cursor."),
        new("nextCursor", Shape.Text(1, 256), "Path of the next cursor in an answer; with `link`, of the next page's URL where there is no Link header.") { Aliases = ["cursorPath"], Example = "meta.next" },
        new("firstPage", Shape.Integer(0, 1), "The number of the first page.") { Default = "1" },
        new("defaultLimit", Shape.Integer(1, 1000), "Items per page when the caller does not say.") { Default = "10" },
        new("maxLimit", Shape.Integer(1, 1000), "Items per page at most.") { Default = "100" },
        new("maxPages", Shape.Integer(1, 100), "Pages read in one call at most.") { Default = "10" },
        new("maxItems", Shape.Integer(1, 10000), "Items returned by one call at most.") { Default = "1000" });
}
