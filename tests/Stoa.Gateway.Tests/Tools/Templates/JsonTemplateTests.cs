using System.Buffers;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tests.Tools.Templates;

public sealed class JsonTemplateTests
{
    private const string Input = """
        {"city":"Paris \"Nord\"\n","n":1.50,"big":12345678901234567890.10e+5,"yes":true,"no":null,"list":[1, "a\\b"],"map":{"k":"v"},
         "odd key":"odd","a-b":"dash","é":"accent","dup":1,"dup":2,"\u0065sc":"spelled"}
        """;

    private const string Response = """{"weather":[{"description":"light rain"},{"description":null}],"main":{"temp":18.30},"":"empty name"}""";

    [Theory]
    // As a value.
    [InlineData("{{.input.city}}", "\"Paris \\\"Nord\\\"\\n\"")]
    [InlineData("{{.input.n}}", "1.50")]
    [InlineData("{{.input.big}}", "12345678901234567890.10e+5")]
    [InlineData("{{.input.yes}}", "true")]
    [InlineData("{{.input.no}}", "null")]
    [InlineData("{{.input.missing}}", "null")]
    [InlineData("{{.input.list}}", """[1, "a\\b"]""")]
    [InlineData("{{.input.map.k}}", "\"v\"")]
    [InlineData("{{.input.map.k.deeper}}", "null")]
    [InlineData("{{.input.list[1]}}", "\"a\\\\b\"")]
    [InlineData("{{.input.list[2]}}", "null")]
    [InlineData("{{.input.list.k}}", "null")]
    [InlineData("{{.input.map[0]}}", "null")]
    [InlineData("""{{.input["odd key"]}}""", "\"odd\"")]
    [InlineData("""{{.input["odd\u0020key"]}}""", "\"odd\"")]
    [InlineData("{{.input.a-b}}", "\"dash\"")]
    [InlineData("{{.input.é}}", "\"accent\"")]
    [InlineData("{{.input.esc}}", "\"spelled\"")]
    [InlineData("{{.input.dup}}", "2")]
    [InlineData("""{{.response[""]}}""", "\"empty name\"")]
    [InlineData("{{.response.weather[0].description}}", "\"light rain\"")]
    [InlineData("{{\n\t.response.main.temp\r\n}}", "18.30")]
    [InlineData("{{.context.tenant}}", "\"acme\"")]
    [InlineData("""{{.context["requestId"]}}""", "\"req-1\"")]
    [InlineData("""{{"{{"}}""", "\"{{\"")]
    // In a string.
    [InlineData("\"{{.input.city}}\"", "\"Paris \\\"Nord\\\"\\n\"")]
    [InlineData("\" in {{.input.city}}, {{.input.n}}\"", "\" in Paris \\\"Nord\\\"\\n, 1.50\"")]
    [InlineData("\"<{{.input.missing}}{{.input.no}}>\"", "\"<>\"")]
    [InlineData("\"{{.input.yes}}\"", "\"true\"")]
    [InlineData("\"{{.input.list}}\"", "\"[1, \\\"a\\\\\\\\b\\\"]\"")]
    [InlineData("\"{{.input[\"odd key\"]}}\"", "\"odd\"")]
    [InlineData("\"{{\"{{\"}} .input }} { }\"", "\"{{ .input }} { }\"")]
    [InlineData("""{"{{.context.tool}}-{{.input.n}}":1}""", """{"weather-1.50":1}""")]
    // Functions.
    [InlineData("""{{.input.missing | default "Paris"}}""", "\"Paris\"")]
    [InlineData("""{{.input.no|default 0}}""", "0")]
    [InlineData("""{{.input.n | default 0}}""", "1.50")]
    [InlineData("""{{.input.missing | default {"a":{"b":[1,{}]}}}}""", """{"a":{"b":[1,{}]}}""")]
    [InlineData("""{{.input.missing | default null}}""", "null")]
    [InlineData("\"{{.input.missing | default null}}\"", "\"\"")]
    [InlineData("""{{.input.missing | default -1.5e3 }}""", "-1.5e3")]
    [InlineData("\"{{.input.missing | default \"a\\\"b\"}}\"", "\"a\\\"b\"")]
    [InlineData("\"q({{.input.city | json}})\"", "\"q(\\\"Paris \\\\\\\"Nord\\\\\\\"\\\\n\\\")\"")]
    [InlineData("\"{{.input.missing | json}}\"", "\"null\"")]
    [InlineData("""{{.input.map | json}}""", "\"{\\\"k\\\":\\\"v\\\"}\"")]
    [InlineData("\"{{.input.missing | default [1] | json}}\"", "\"[1]\"")]
    // White space between tokens goes, within values and strings it stays.
    [InlineData(" {\n \"a\" : [ {{.input.list}} , 1 ] , \"b\" : { } }\n", """{"a":[[1, "a\\b"],1],"b":{}}""")]
    [InlineData("""{"a":{"b":{{.input.n}}}}""", """{"a":{"b":1.50}}""")]
    [InlineData("""[{{.input.n}},{{.input.n}}]""", "[1.50,1.50]")]
    [InlineData("""["\u00e9\/ é 😀 \ud83d\ude00"]""", """["\u00e9\/ é 😀 \ud83d\ude00"]""")]
    [InlineData("""[-0, 1.5E+3, true, false, null, "", []]""", """[-0,1.5E+3,true,false,null,"",[]]""")]
    public void A_template_stands_for_its_json(string template, string json) =>
        Assert.Equal(json, Given.Written(template, Given.Scope(Input, Response)));

    [Fact]
    public void A_value_cannot_leave_its_string() => Assert.Equal(
        """{"q":"\",\"admin\":true,\"x\":\""}""",
        Given.Written("""{"q":"{{.input.q}}"}""", Given.Scope("""{"q":"\",\"admin\":true,\"x\":\""}""")));

    [Fact]
    public void Expressions_in_values_are_text_and_never_evaluated() => Assert.Equal(
        """{"q":"{{.context.tenant}}","r":"{{.context.tenant}}"}""",
        Given.Written("""{"q":"{{.input.q}}","r":{{.input.q}}}""", Given.Scope("""{"q":"{{.context.tenant}}"}""")));

    [Fact]
    public void Before_there_is_a_response_every_path_into_it_is_missing() => Assert.Equal(
        """[null,null,"",7]""",
        Given.Written("""[{{.response}},{{.response.a[0]}},"{{.response.a}}",{{.response.b | default 7}}]""", Given.Scope("{}")));

    [Fact]
    public void Context_is_escaped_like_any_text()
    {
        var scope = new TemplateScope(Given.Json("{}"), default, new("a\"b\\\u0001é😀", new string('"', 2000), "\ud800", ""));

        Assert.Equal(
            """["a\"b\\\u0001é😀"," """ + string.Concat(Enumerable.Repeat("\\\"", 2000)) + " \",\"\ufffd\",\"\\\"\\\"\"]",
            Given.Written("""[{{.context.tenant}}," {{.context.consumer}} ",{{.context.tool}},"{{.context.requestId|json}}"]""", scope));
    }

    [Fact]
    public void A_template_knows_what_it_reads()
    {
        var template = Given.Template("""
            {"a": {{.input.city}}, "b": "{{.input["odd key"].x}} {{.input.city}}",
             "c": {{.response.x}}, "d": {{.context.tool}} }
            """);

        Assert.Equal(["city", "odd key"], template.Inputs.Order());
        Assert.True(template.Reads.Response);
        Assert.False(template.ReadsWholeInput);
        Assert.Equal(
            ["Input city 1:9", "Input odd key 1:32", "Input city 1:56", "Response x 2:9", "Context tool 2:31"],
            template.Reads.References.Select(r => $"{r.Root} {r.Name} {r.At.Line}:{r.At.Column}"));
        Assert.True(Given.Template("{{.input}}") is { ReadsWholeInput: true, Reads.Response: false, Inputs.Count: 0 });
        Assert.True(Given.Template("""{"a":[1]}""") is { ReadsWholeInput: false, Reads.Response: false, Inputs.Count: 0, DeepestValue: -1 });
        Assert.True(Given.Template("""{"a":[{{.response}}, "{{.input}}"]}""") is { ReadsWholeInput: true, DeepestValue: 2 });
    }

    [Fact]
    public void Output_over_its_cap_is_refused_in_words()
    {
        var template = Given.Template("""["{{.input.a}}","{{.input.a}}"]""");
        var scope = Given.Scope("""{"a":"12345"}""");

        Assert.True(template.TryWrite(scope, new ArrayBufferWriter<byte>(), 17, out _));
        Assert.False(template.TryWrite(scope, new ArrayBufferWriter<byte>(), 16, out var fault));
        Assert.Equal("What this tool makes of the values is over its limit of 16 bytes. Ask for less.", fault);
    }

    [Fact]
    public void A_template_that_explodes_stops_at_its_cap()
    {
        var template = Given.Template("[" + string.Join(',', Enumerable.Repeat("\"{{.input.a | json}}\"", 256)) + "]");
        var output = new ArrayBufferWriter<byte>();

        Assert.False(template.TryWrite(Given.Scope($$"""{"a":"{{new string('x', 100_000)}}"}"""), output, out _));
        Assert.InRange(output.WrittenCount, 1, JsonTemplate.DefaultMaxOutput);
    }

    [Fact]
    public void A_template_that_looks_too_often_into_a_huge_answer_gives_up()
    {
        var template = Given.Template("[" + string.Join(',', Enumerable.Repeat("{{.response.x}}", 256)) + "]");
        string Wide(int members) => $"{{{string.Join(',', Enumerable.Range(0, members).Select(i => $"\"m{i}\":0"))}}}";

        Assert.True(template.TryWrite(Given.Scope("{}", Wide(1_000)), new ArrayBufferWriter<byte>(), out _));
        Assert.False(template.TryWrite(Given.Scope("{}", Wide(20_000)), new ArrayBufferWriter<byte>(), out var fault));
        Assert.Equal("The values are too large for all that this tool looks up in them. Ask for less.", fault);
    }

    [Theory]
    [InlineData("""{{.input.a}}""")]
    [InlineData("\"{{.input.a}}\"")]
    [InlineData("""{{.input}}""")]
    public void Half_a_surrogate_pair_is_refused_in_words(string template)
    {
        Assert.False(Given.Template(template).TryWrite(Given.Scope("""{"a":"x\ud800"}"""), new ArrayBufferWriter<byte>(), out var fault));
        Assert.StartsWith("A value holds half of a surrogate pair", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_half_a_surrogate_pair_is_looked_past() =>
        Assert.Equal("1", Given.Written("{{.input.a}}", Given.Scope("""{"\ud800":0,"\udc00":0,"a":1}""")));
}
