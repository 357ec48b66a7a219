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

    private static TextRule ArgumentName { get; } = new("1 to 128 characters", null, static text => text.Length is >= 1 and <= 128);

    private static ListShape NamedTemplates => Shape.ListOf(Shape.Object(
        new("name", Shape.Text(TextRule.HttpToken), "Its name.") { Required = true },
        new("value", Shape.Text(0, 4096), "Text; `{{.input.city}}` and its like are filled in.") { Example = "'{{.input.city}}'" },
        new("valueFrom", Shape.Text(1, 4096), "The same, or a bare path such as `.context.requestId`.")));
}
