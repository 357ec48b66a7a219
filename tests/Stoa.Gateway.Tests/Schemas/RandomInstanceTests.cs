using System.Globalization;
using System.Text;
using Stoa.Gateway.Schemas;
using Stoa.Gateway.Schemas.Patterns;

namespace Stoa.Gateway.Tests.Schemas;

/// <summary>Random schemas and values from a fixed seed: nothing throws, and the verdict with findings is the verdict without.</summary>
public sealed class RandomInstanceTests
{
    private const int Seed = 20260131;

    private static readonly string[] Names = ["a", "b", "", "é", "\\u0061", "\\ud800", "😀", "a/b~"];
    private static readonly string[] Numbers = ["0", "-0", "1", "1.0", "1e0", "-1.5E+2", "1e999999999999999999999", "1e-400", "12345678901234567890.5"];
    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private static readonly string[] Patterns = ["^a", ".$", "[^b]", "\\\\p{L}", "(a|b)*c?"];

    [Fact]
    public void Random_values_against_random_schemas_never_throw()
    {
        var random = new Random(Seed);
        var options = SchemaOptions.Default with { AssertFormats = true, MaxSteps = 20_000 };
        var verdicts = new int[2];
        for (var i = 0; i < 400; i++)
        {
            if (!JsonSchema.TryCompile(Given.Json(Schema(random, 4)), options, out var schema, out _))
            {
                continue;
            }

            for (var j = 0; j < 8; j++)
            {
                var instance = Given.Json(Value(random, 4));
                var findings = new List<SchemaFinding>();
                var valid = schema.Validate(instance, findings);
                Assert.Equal(schema.IsValid(instance), valid);
                Assert.Equal(valid, findings.Count == 0);
                verdicts[valid ? 1 : 0]++;
            }
        }

        Assert.All(verdicts, count => Assert.True(count > 200, $"{verdicts[0]} invalid, {verdicts[1]} valid"));
    }

    [Fact]
    public void Random_patterns_are_compiled_or_refused_but_never_throw()
    {
        const string Alphabet = "\\\\\\()[]{}^$.*+?|-,019abdkpsuwxDWSP<>=!:\uD83D\uDE00é";
        var random = new Random(Seed);
        var compiled = 0;
        for (var i = 0; i < 4000; i++)
        {
            var source = new string([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            compiled += Pattern.TryCreate(source, out var pattern, out _) && pattern.IsMatch("ab\\ud83d\\ude00"u8) is var _ ? 1 : 0;
        }

        Assert.InRange(compiled, 200, 3800);
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => Pick(random, Numbers),
        3 or 4 => $"\"{Pick(random, Names)}{Pick(random, Names)}\"",
        5 => $"[{List(random, 4, () => Value(random, depth - 1))}]",
        _ => $"{{{List(random, 4, () => $"\"{Pick(random, Names)}\": {Value(random, depth - 1)}")}}}",
    };

    private static string Schema(Random random, int depth)
    {
        if (depth == 0 || random.Next(12) == 0)
        {
            return random.Next(4) == 0 ? "false" : "true";
        }

        string Sub() => Schema(random, depth - 1);
        string Text() => $"\"{Pick(random, Names).Replace("\\ud800", "x", StringComparison.Ordinal)}\"";
        return $"{{{List(random, 4, () => random.Next(24) switch
        {
            0 => $"\"type\": \"{Pick(random, Types)}\"",
            1 => $"\"enum\": [{Text()}, {Pick(random, Numbers)}, [], null]",
            2 => $"\"minimum\": {Pick(random, Numbers)}",
            3 => $"\"multipleOf\": {random.Next(1, 40).ToString(CultureInfo.InvariantCulture)}e-1",
            4 => $"\"pattern\": \"{Pick(random, Patterns)}\"",
            5 => $"\"maxLength\": {random.Next(4)}",
            6 => "\"uniqueItems\": true",
            7 => $"\"required\": [{Text()}]",
            8 => $"\"properties\": {{\"a\": {Sub()}, \"b\": {Sub()}, {Text()}: {Sub()}}}",
            9 => $"\"patternProperties\": {{\"{Pick(random, Patterns)}\": {Sub()}}}",
            10 => $"\"additionalProperties\": {Sub()}",
            11 => $"\"propertyNames\": {Sub()}",
            12 => $"\"items\": {Sub()}",
            13 => $"\"prefixItems\": [{Sub()}, {Sub()}]",
            14 => $"\"contains\": {Sub()}, \"maxContains\": 2",
            15 => $"\"allOf\": [{Sub()}, {Sub()}]",
            16 => $"\"anyOf\": [{Sub()}, {Sub()}]",
            17 => $"\"oneOf\": [{Sub()}, {Sub()}]",
            18 => $"\"not\": {Sub()}",
            19 => $"\"if\": {Sub()}, \"then\": {Sub()}, \"else\": {Sub()}",
            20 => $"\"dependentSchemas\": {{{Text()}: {Sub()}}}",
            21 => $"\"unevaluatedProperties\": {Sub()}",
            22 => $"\"unevaluatedItems\": {Sub()}",
            _ => random.Next(2) == 0 ? "\"format\": \"email\"" : "\"items\": {\"$ref\": \"#\"}",
        })}}}";
    }

    private static string List(Random random, int most, Func<string> one)
    {
        var list = new StringBuilder();
        for (var count = random.Next(most + 1); count > 0; count--)
        {
            list.Append(list.Length > 0 ? "," : "").Append(one());
        }

        return list.ToString();
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
