using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Resources;

/// <summary>
/// One kind of resource, declared once: the check of documents, the JSON Schema for editors and the field reference all come from here.
/// </summary>
internal sealed class KindSchema
{
    public const string ApiVersion = "gostoa.dev/v1alpha1";

    /// <summary>As in YAML, for example <c>Tool</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>As in URLs, for example <c>tools</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>One or two sentences of Markdown.</summary>
    public required string Description { get; init; }

    public required TextRule Name { get; init; }

    public required ObjectShape Spec { get; init; }

    /// <summary>A complete document in YAML that this kind accepts.</summary>
    public required string Example { get; init; }

    /// <summary>True for the kind whose resources are tenants themselves and so stand in no namespace.</summary>
    public bool IsTenant { get; init; }

    /// <summary>
    /// What no single field can tell. Runs even when fields have faults, so it must cope with a tree that lacks them; enums, durations
    /// and defaults are in their final form.
    /// </summary>
    public Action<DocumentTree, FaultList>? Check { get; init; }

    /// <summary>The whole document, envelope included.</summary>
    public ObjectShape Document => field ??= Envelope();

    /// <summary>The envelope of every kind, for the reference.</summary>
    public static ObjectShape Common { get; } = new(
        Version,
        new("kind", Shape.Text(1, 64), "One of those above.") { Required = true },
        Metadata(Shape.Text(1, 64), isTenant: false),
        new("spec", Shape.Json(), "What the resource is; see its kind.") { Required = true });

    private static Field Version => new("apiVersion", Shape.Choice(ApiVersion), $"Always `{ApiVersion}`.") { Required = true };

    private ObjectShape Envelope()
    {
        var needsSpec = Spec.Fields.Any(f => f.Required);
        return new(
            Version,
            new("kind", Shape.Choice(Kind), $"Always `{Kind}`.") { Required = true },
            Metadata(Shape.Text(Name), IsTenant),
            new("spec", Spec, "What the resource is.") { Required = needsSpec, Default = needsSpec ? null : "{}" },
            new("status", Shape.Json(), "What the gateway reports; ignored when applied.") { ReadOnly = true });
    }

    private static Field Metadata(Shape name, bool isTenant)
    {
        Field[] fields =
        [
            new("name", name, "Unique per kind within the tenant.") { Required = true },
            new("namespace", Shape.Text(TextRule.TenantName), "The tenant; the caller's own when left out. A Tenant has none."),
            new("labels", Shape.MapOf(TextRule.LabelKey, Shape.Text(0, 256)), "Short facts to select resources by."),
            new("annotations", Shape.MapOf(TextRule.LabelKey, Shape.Text(0, 4096)), "Notes for people and tools; without effect."),
            new("resourceVersion", Shape.Text(1, 128), "Apply only if the stored resource still has this version."),
            Given("uid"),
            Given("createdAt"),
            Given("updatedAt"),
        ];
        var fitting = fields.Where(f => !isTenant || f.Name != "namespace");
        return new("metadata", Shape.Object([.. fitting]), "Names the resource.") { Required = true };
    }

    private static Field Given(string name) => new(name, Shape.Json(), "Given by the gateway; ignored when applied.") { ReadOnly = true };
}
