using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>The fields of a tool that say what is sent.</summary>
internal static class RequestShapes
{
    public static MapShape Parameters => Shape.MapOf(
        ArgumentName,
        Shape.Object(
            new("in", Shape.Choice("path", "query", "header", "cookie", "body", "wholeBody"), "Where the argument goes; `wholeBody` makes it the body itself, and sends the undeclared ones in the query.") { Required = true },
            new("name", Shape.Text(1, 128), "Its name on the wire; the argument's own when left out."),
            new("style", Shape.Choice("form", "simple", "spaceDelimited", "pipeDelimited", "deepObject", "label", "matrix"), "How lists and objects are written, as in OpenAPI; the place's own default when left out."),
            new("explode", Shape.Flag(), "Whether each item stands by itself, as in OpenAPI; the style's own default when left out.")));

    public static ObjectShape Transform => Shape.Object(
        new("queryParams", NamedTemplates, "Query parameters to send.") { Default = "[]" },
        new("headers", NamedTemplates, "Headers to send.") { Default = "[]" },
        new("body", Shape.Text(1, 65536), "A JSON template that is sent as the body; nothing is added to it."));

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

    private static TextRule ArgumentName { get; } = new("1 to 128 characters", null, static text => text.Length is >= 1 and <= 128);

    private static ListShape NamedTemplates => Shape.ListOf(Shape.Object(
        new("name", Shape.Text(TextRule.HttpToken), "Its name.") { Required = true },
        new("value", Shape.Text(0, 4096), "Text; `{{.input.city}}` and its like are filled in.") { Example = "'{{.input.city}}'" },
        new("valueFrom", Shape.Text(1, 4096), "The same, or a bare path such as `.context.requestId`.")));
}
