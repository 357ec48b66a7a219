using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Translation.Rules;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>What the tables of rules say is what a translation does, and what the document says.</summary>
public sealed class RulesTests
{
    private const string Document = "docs/llm-translation.md";

    /// <summary>A request per field that asks for it: members to put beside the least that a request needs.</summary>
    private static readonly Dictionary<(Wire, string), string> Examples = RuleExamples.All;

    public static TheoryData<string, string, string> Rules
    {
        get
        {
            var rules = new TheoryData<string, string, string>();
            foreach (var (from, to) in TranslationRules.Directions)
            {
                foreach (var source in TranslationRules.FieldsOf(from).OrderBy(f => f.Path, StringComparer.Ordinal))
                {
                    rules.Add(from.ToString(), to.ToString(), source.Path);
                }
            }

            return rules;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_field_is_treated_as_its_rule_says(string source, string target, string path)
    {
        var (from, to) = (Enum.Parse<Wire>(source), Enum.Parse<Wire>(target));
        var rule = TranslationRules.Rule(to, TranslationRules.Field(from, path)!.Feature);

        var (body, refusal, losses) = Given.Request(Examples[(from, path)], from, to, model: to is Wire.Messages ? "claude-opus-4-6" : null);

        switch (rule.Treatment)
        {
            case Treatment.Refused:
                Assert.Equal(RefusalKind.UnsupportedRequest, refusal?.Kind);
                Assert.Contains($"'{path}'", refusal!.Message, StringComparison.Ordinal);
                Assert.Contains(rule.Note, refusal.Message, StringComparison.Ordinal);
                break;
            case Treatment.Dropped:
                Assert.Null(refusal);
                Assert.Contains(path, losses);
                break;
            default:
                Assert.Null(refusal);
                Assert.True(!losses.Contains(path) || rule.Note.Contains("left out", StringComparison.Ordinal), $"{path} is lost on the way to {to}: {body}");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_request_that_asks_for_nothing_special_loses_nothing(string source)
    {
        var from = Enum.Parse<Wire>(source);
        foreach (var to in TranslationRules.Directions.Where(d => d.From == from).Select(d => d.To))
        {
            var (_, refusal, losses) = Given.Request(RuleExamples.Plain(from), from, to);
            Assert.Null(refusal);
            Assert.Empty(losses);
        }
    }

    public static TheoryData<string> Sources => ["Chat", "Messages", "Responses"];

    [Fact]
    public void The_document_has_every_rule()
    {
        var text = File.ReadAllText(Repository.PathOf(Document)).ReplaceLineEndings("\n");
        foreach (var (from, to) in TranslationRules.Directions)
        {
            string start = $"<!-- {from}-{to} -->\n".ToLowerInvariant(), end = $"<!-- /{from}-{to} -->".ToLowerInvariant();
            int at = text.IndexOf(start, StringComparison.Ordinal) + start.Length, stop = text.IndexOf(end, StringComparison.Ordinal);
            Assert.True(at >= start.Length && stop >= at, $"{Document} needs the marks {start.Trim()} and {end}.");
            var table = Table(from, to);
            if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
            {
                text = text[..at] + table + text[stop..];
                File.WriteAllText(Repository.PathOf(Document), text);
                stop = at + table.Length;
            }

            Assert.Equal(table, text[at..stop]);
        }
    }

    private static string Table(Wire from, Wire to)
    {
        var table = new StringBuilder("| Field | When | | |\n|---|---|---|---|\n");
        foreach (var field in TranslationRules.FieldsOf(from).OrderBy(f => TranslationRules.Rule(to, f.Feature).Treatment).ThenBy(f => f.Path, StringComparer.Ordinal))
        {
            var rule = TranslationRules.Rule(to, field.Feature);
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{field.Path}` | {field.When} | {rule.Treatment.ToString().ToLowerInvariant()} | {rule.Note} |\n");
        }

        return table.ToString();
    }
}
