using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// Which keywords have a meaning, as <c>$schema</c> decides. Drafts before 2020-12 are read as 2020-12 without <c>prefixItems</c>; their
/// <c>definitions</c>,
/// <c>dependencies</c> and <c>items</c> with a list are understood in any dialect.
/// </summary>
internal sealed record Dialect(bool Applies, bool Unevaluated, bool Validates, bool AssertsFormats, bool HasPrefixItems)
{
    private const string Vocabularies = "https://json-schema.org/draft/2020-12/vocab/";

    public static Dialect Draft202012 { get; } = new(true, true, true, AssertsFormats: false, HasPrefixItems: true);

    public static Dialect Older { get; } = Draft202012 with { HasPrefixItems = false };

    /// <summary>The dialect of a schema that names a metaschema; those that are not known locally are taken for 2020-12.</summary>
    public static Dialect Named(string metaschema, SchemaOptions options)
    {
        var uri = metaschema.TrimEnd('#');
        if (options.Documents.TryGetValue(uri, out var document)
            && document.ValueKind is JsonValueKind.Object
            && document.TryGetProperty("$vocabulary", out var vocabulary)
            && vocabulary.ValueKind is JsonValueKind.Object)
        {
            return OfVocabularies(vocabulary);
        }

        return uri.Contains("json-schema.org/draft-", StringComparison.Ordinal)
            || uri.Contains("json-schema.org/draft/2019-09/", StringComparison.Ordinal)
            ? Older
            : Draft202012;
    }

    private static Dialect OfVocabularies(JsonElement vocabulary)
    {
        bool Has(string name) => vocabulary.TryGetProperty(Vocabularies + name, out _);
        return new(Has("applicator"), Has("unevaluated"), Has("validation"), Has("format-assertion"), HasPrefixItems: true);
    }
}
