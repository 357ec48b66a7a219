using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.OpenApi;

/// <summary>The kind <c>ToolSet</c>. Whatever a Tool can say, a default or an override can say: those fields are the Tool's own.</summary>
internal static class ToolSetKind
{
    /// <summary>On every tool that a ToolSet made: the ToolSet's name.</summary>
    public const string Label = "stoa.dev/toolset";

    /// <summary>On a ToolSet: the SHA-256 of the description it was last made from.</summary>
    public const string HashAnnotation = "stoa.dev/spec-hash";

    /// <summary>What the description decides, and nobody else.</summary>
    private static readonly string[] Generated = ["apiRef", "endpoint", "method", "inputSchema", "outputSchema", "parameters"];

    /// <summary>What no two operations share.</summary>
    private static readonly string[] Own = ["displayName", "description"];

    public static KindSchema Schema { get; } = new()
    {
        Kind = "ToolSet",
        Plural = "toolsets",
        Description = "Makes a Tool of each operation of an OpenAPI description (3.0, 3.1, 3.2), and keeps those tools as the description is. They carry the label `stoa.dev/toolset`.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "The title that people see."),
            new("description", Shape.Text(1, 4096), "What the set is for."),
            new("source", Source, "The description. It is read when the ToolSet is applied, and again by `POST /manage/v1/toolsets/{name}/sync`.") { Required = true, Aliases = ["openAPISpec"] },
            new("baseURL", Shape.Text(1, 2048), "Where the API is, instead of the description's `servers`. Needed when tools carry a credential elsewhere than where `source.url` is.")
            {
                Aliases = ["baseUrl"],
                Example = "https://api.example.com/v2",
            },
            new("filters", Filters, "Which operations become tools; all of them without it. Each filter that is given must agree.") { Default = "{}", Aliases = ["selector"] },
            new("naming", Naming, "What tools are called.") { Default = "{}" },
            new("outputSchemas", Shape.Flag(), "Takes over what answers look like, too. An answer that breaks its description is an error then.") { Default = "false" },
            new("toolDefaults", Shape.Object([.. TakenFromTool(Own)]), "Fields of a Tool, for all tools; `tags` are added to the operation's own.") { Default = "{}", Aliases = ["defaults"] },
            new("overrides", Shape.ListOf(Override, most: 1000), "Fields of a Tool, for the tool of one operation.") { Default = "[]" }),
        Check = ToolSetCheck.Run,
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: ToolSet
            metadata:
              name: crm
              namespace: acme
            spec:
              source:
                type: openapi
                url: https://crm.example.com/openapi.yaml
              filters:
                includePaths: [/customers/**]
                excludeMethods: [DELETE]
              naming: { prefix: crm_ }
              toolDefaults:
                auth:
                  type: apiKey
                  apiKey: { in: header, name: X-Api-Key, secretRef: { name: crm, key: api-key } }
                timeout: 10s
              overrides:
                - operationId: searchCustomers
                  description: Finds customers by name, email or city. Use it first when you need a customer's id.
            """,
    };

    private static ObjectShape Source => Shape.Object(
        new("type", Shape.Choice("openapi"), "What it is.") { Default = "openapi" },
        new("url", Shape.Text(1, 2048), "Where it is fetched from, without a credential: an address that this gateway may call, at most 10 MiB."),
        new("inline", Shape.Json(), "The description itself: a text (JSON or YAML), or a map."));

    private static ObjectShape Filters => Shape.Object(
        new("includePaths", Globs, "Patterns of paths: `*` is anything within a segment, `**` anything, `/**` at the end the path itself too.") { Example = "[/customers/**]" },
        new("excludePaths", Globs, "Likewise; one match suffices."),
        new("pathPrefix", Shape.Text(1, 256), "What paths start with."),
        new("includeMethods", Methods, "HTTP methods.") { Aliases = ["methods"] },
        new("excludeMethods", Methods, "HTTP methods.") { Example = "[DELETE]" },
        new("includeTags", Words, "Operations with one of these tags.") { Aliases = ["tags"] },
        new("excludeTags", Words, "Operations with none of these tags."),
        new("operationIds", Shape.ListOf(Shape.Text(1, 256), most: 1000), "These operations and no others."));

    private static ObjectShape Naming => Shape.Object(
        new("prefix", Shape.Text(Affix), "In front of every name.") { Example = "crm_" },
        new("suffix", Shape.Text(Affix), "Behind every name."),
        new("useOperationId", Shape.Flag(), "Whether tools are called after `operationId`; after method and path otherwise, as are operations without one.") { Default = "true" });

    private static ObjectShape Override => Shape.Object(
    [
        new("operationId", Shape.Text(1, 256), "The operation; or use `operation`."),
        new("operation", Shape.Text(1, 600), "The operation as method and path.") { Example = "GET /customers/{id}" },
        new("name", Shape.Text(TextRule.ToolName), "The tool's whole name, prefix and suffix included."),
        .. TakenFromTool([]),
    ]);

    private static ListShape Globs => Shape.ListOf(Shape.Text(1, 256), most: 50);

    private static ListShape Methods => Shape.ListOf(Shape.Choice("GET", "POST", "PUT", "PATCH", "DELETE"));

    private static ListShape Words => Shape.ListOf(Shape.Text(1, 64));

    private static TextRule Affix => new(
        "1 to 24 letters, digits, `_`, `.` or `-`",
        "^[A-Za-z0-9_.-]{1,24}$",
        static text => text.Length <= 24 && (TextRule.ToolName.Accepts(text) || TextRule.ToolName.Accepts("_" + text)));

    /// <summary>Without their defaults: what is not said here is the Tool's own affair.</summary>
    private static IEnumerable<Field> TakenFromTool(IReadOnlyList<string> except) => ToolKind.Schema.Spec.Fields
        .Where(f => !Generated.Contains(f.Name) && !except.Contains(f.Name))
        .Select(f => new Field(f.Name, f.Shape is ObjectShape or SpellingShape ? new BorrowedShape(f.Shape, $"as `spec.{f.Name}` of a Tool") : f.Shape, f.Description) { Aliases = f.Aliases });
}
