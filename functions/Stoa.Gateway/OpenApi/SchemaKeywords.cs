using System.Collections.Frozen;

namespace Stoa.Gateway.OpenApi;

/// <summary>What a keyword of a schema holds. Keywords that are not listed (extensions, XML hints, discriminators) are left out of tools.</summary>
internal enum KeywordContent
{
    /// <summary>A value that is taken over as it is.</summary>
    Value,

    /// <summary>One schema, or in older dialects a flag or a list of schemas.</summary>
    Schema,

    /// <summary>A list of schemas.</summary>
    List,

    /// <summary>Schemas by name.</summary>
    Map,
}

internal static class SchemaKeywords
{
    public static FrozenDictionary<string, KeywordContent> Known { get; } = Table(
        (KeywordContent.Value,
        [
            "type", "enum", "const", "title", "description", "default", "examples", "format", "deprecated", "required", "dependentRequired",
            "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
            "minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties", "contentEncoding", "contentMediaType",
        ]),
        (KeywordContent.Schema,
        [
            "additionalProperties", "propertyNames", "unevaluatedProperties", "items", "contains", "unevaluatedItems", "not", "if", "then", "else",
        ]),
        (KeywordContent.List, ["allOf", "anyOf", "oneOf", "prefixItems"]),
        (KeywordContent.Map, ["properties", "patternProperties", "dependentSchemas"]));

    private static FrozenDictionary<string, KeywordContent> Table(params (KeywordContent Content, string[] Names)[] rows) =>
        rows.SelectMany(r => r.Names.Select(n => KeyValuePair.Create(n, r.Content))).ToFrozenDictionary(StringComparer.Ordinal);
}
