namespace Stoa.Gateway.Schemas.Keywords;

/// <summary>
/// All keywords that assert or apply something, in the order in which a value meets them: cheap ones first, unevaluated* last.
/// </summary>
internal static class KeywordFamilies
{
    public static Rule[] Read(SchemaSource schema, SchemaCompiler compiler)
    {
        var rules = new List<Rule>();
        if (schema.Dialect.Validates)
        {
            ValueKeywords.Read(schema, rules);
            NumberKeywords.Read(schema, rules);
            StringKeywords.Read(schema, rules);
            SizeKeywords.Read(schema, rules);
        }

        StringKeywords.ReadFormat(schema, rules);
        if (schema.Dialect.Applies)
        {
            ObjectKeywords.Read(schema, rules);
            ArrayKeywords.Read(schema, rules);
            LogicKeywords.Read(schema, rules);
        }

        ReferenceKeywords.Read(schema, compiler, rules);
        if (schema.Dialect.Unevaluated)
        {
            UnevaluatedKeywords.Read(schema, rules);
        }

        return [.. rules];
    }
}
