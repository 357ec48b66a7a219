using System.Text;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Resources;

/// <summary>The reference of every kind and field, as Markdown.</summary>
internal static class FieldReference
{
    private const string Heading = "| Field | Value | Default | Meaning |\n|---|---|---|---|\n";

    public static string Of(KindRegistry kinds)
    {
        var page = new StringBuilder();
        page.Append($"""
            # Resources

            <!-- Generated from the kind declarations; a test compares. Rewrite with STOA_REGENERATE=1 dotnet test tests/Stoa.Shape.Tests -->

            Everything that a tenant configures is a resource: `apiVersion: {KindSchema.ApiVersion}`, a `kind`, `metadata` and a `spec`.
            Documents are YAML 1.2 or JSON; several may come in one YAML stream, in a JSON array, or under `items`. A document with a fault is refused whole, with the line, column
            and path of every fault in it.

            Equal content is stored as equal bytes whatever the order, comments or format: defaults are written out, choices
            take their declared spelling, durations and sizes take the largest unit that keeps them whole (`120s` is `2m`, `1024` is `1KiB`), keys of free maps and JSON Schemas are sorted.

            YAML follows the core schema of 1.2: `yes`, `no`, `on` and `off` are texts. Tags, merge keys (`<<`) and duplicate keys are refused.
            Aliases are allowed and count as if written out. Limits per request: 64 levels, 200,000 values.

            JSON Schemas for editors are in [docs/schemas](../schemas); to use them put this line at the top of a file:
            `# yaml-language-server: $schema=<path>/docs/schemas/stoa.schema.json`


            """.ReplaceLineEndings("\n"));

        page.Append("| Kind | In URLs | |\n|---|---|---|\n");
        foreach (var kind in kinds.All)
        {
            page.Append($"| [{kind.Kind}](#{kind.Kind.ToLowerInvariant()}) | `{kind.Plural}` | {Cell(kind.Description)} |\n");
        }

        page.Append($"\n## Every kind\n\n{Heading}");
        Rows(KindSchema.Common, "", page);
        foreach (var kind in kinds.All)
        {
            page.Append($"\n## {kind.Kind}\n\n{kind.Description}\n\n`metadata.name`: {kind.Name.Words}.\n\n{Heading}");
            Rows(kind.Spec, "spec.", page);
            page.Append($"\n```yaml\n{kind.Example.ReplaceLineEndings("\n").TrimEnd()}\n```\n");
        }

        return page.ToString();
    }

    private static void Rows(ObjectShape shape, string prefix, StringBuilder page)
    {
        foreach (var field in shape.Fields.Where(f => !f.ReadOnly))
        {
            var path = prefix + field.Name;
            var standard = field.Required ? "required" : field.Default is null ? "" : $"`{field.Default}`";
            var older = field.Aliases.Count == 0 ? "" : $" Also read as {string.Join(", ", field.Aliases.Select(a => $"`{a}`"))}.";
            page.Append($"| `{path}` | {Cell(field.Shape.Words)} | {Cell(standard)} | {Cell(field.Description + older)} |\n");
            switch (field.Shape)
            {
                case ObjectShape inner:
                    Rows(inner, path + ".", page);
                    break;
                case SpellingShape { Main: var inner }:
                    Rows(inner, path + ".", page);
                    break;
                case ListShape { Item: ObjectShape inner }:
                    Rows(inner, path + "[].", page);
                    break;
            }
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
