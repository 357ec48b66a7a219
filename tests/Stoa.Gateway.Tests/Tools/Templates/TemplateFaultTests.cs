using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tests.Tools.Templates;

public sealed class TemplateFaultTests
{
    [Theory]
    // Closing.
    [InlineData("{{", 1, 1, "never closed")]
    [InlineData("{{.input.a", 1, 1, "never closed")]
    [InlineData("{\"a\":\n  {{.input.a }", 2, 14, "two braces")]
    [InlineData("\"{{.input.a\"", 1, 12, "Expected `|`")]
    [InlineData("{{}}", 1, 3, "empty")]
    [InlineData("{{{.input.a}}}", 1, 3, "not three")]
    [InlineData("{{- .input.a -}}", 1, 3, "no trim markers")]
    [InlineData("{{.input.a -}}", 1, 12, "no trim markers")]
    // What templates do not have.
    [InlineData("[{{range .input.a}}x{{end}}]", 1, 4, "`range`: There are no loops or conditions")]
    [InlineData("{{ if .input.a }}", 1, 4, "`if`: There are no loops or conditions")]
    [InlineData("{{with .input.a}}", 1, 3, "responseMapping, as in `items[].name`")]
    [InlineData("{{define \"x\"}}", 1, 3, "`define`")]
    [InlineData("{{template \"x\"}}", 1, 3, "`template`")]
    [InlineData("{{#each .input.a}}", 1, 3, "no loops")]
    [InlineData("{{/each}}", 1, 3, "no loops")]
    [InlineData("{{/* a */}}", 1, 3, "no comments")]
    [InlineData("{{$x := 1}}", 1, 3, "no variables")]
    [InlineData("{{(.input.a)}}", 1, 3, "no groups and no calls")]
    [InlineData("{{printf \"%s\" .input.a}}", 1, 3, "no function `printf`; there are")]
    [InlineData("{{toJson .input.a}}", 1, 3, "did you mean `json`")]
    [InlineData("{{default .input.a}}", 1, 3, "A function follows its value, as in {{.input.city | default \"Paris\"}}")]
    [InlineData("{{.input.a | upper}}", 1, 14, "no function `upper`")]
    [InlineData("{{.input.a | jsno}}", 1, 14, "did you mean `json`")]
    [InlineData("{{.input.a |}}", 1, 13, "Expected the name of a function")]
    [InlineData("{{.input.a | json | json}}", 1, 21, "once")]
    [InlineData("{{.input.a | default 1 | default 2}}", 1, 26, "once")]
    [InlineData("{{.input.a | json | default 1}}", 1, 21, "before `json`")]
    [InlineData("{{.input.a | default .input.b}}", 1, 22, "stands a JSON value")]
    [InlineData("{{.input.a | default 'x'}}", 1, 22, "double quotes")]
    [InlineData("{{.input.a | default}}", 1, 21, "stands a JSON value")]
    [InlineData("{{.input.a | default Paris}}", 1, 22, "stands a JSON value")]
    [InlineData("{{.input.a | default [1,]}}", 1, 25, "before this `]`")]
    [InlineData("{{.input.a | default {{.input.b}}}}", 1, 23, "name in double quotes")]
    // Roots and paths.
    [InlineData("{{city}}", 1, 3, ".input.city")]
    [InlineData("{{input.city}}", 1, 3, "begins with a dot: .input")]
    [InlineData("{{.city}}", 1, 4, "as in .input.city for an argument")]
    [InlineData("{{.inputs.city}}", 1, 4, "did you mean `.input`")]
    [InlineData("{{.}}", 1, 4, "Expected .input, .response or .context")]
    [InlineData("{{.input.}}", 1, 10, "Expected a name after the dot")]
    [InlineData("{{.input..a}}", 1, 10, "Expected a name after the dot")]
    [InlineData("{{.input.a.[0]}}", 1, 12, "without a dot")]
    [InlineData("{{.input[0]}}", 1, 9, "name one of them")]
    [InlineData("{{.response.a[-1]}}", 1, 15, "no negative ones")]
    [InlineData("{{.response.a[100000]}}", 1, 15, "at most 99999")]
    [InlineData("{{.response.a[99999999999999999999]}}", 1, 15, "at most 99999")]
    [InlineData("{{.response.a[]}}", 1, 14, "no loops")]
    [InlineData("{{.response.a[*].b}}", 1, 14, "no loops")]
    [InlineData("{{.response.a['b']}}", 1, 15, "plain double quotes")]
    [InlineData("\"{{.response[\\\"b\\\"]}}\"", 1, 14, "plain double quotes")]
    [InlineData("{{.response.a[b]}}", 1, 15, "Expected an index")]
    [InlineData("{{.response.a[0}}", 1, 16, "Expected `]`")]
    [InlineData("{{.response[\"a]}}", 1, 13, "never closed")]
    [InlineData("{{.context}}", 1, 3, "one of .context.tenant, .context.consumer, .context.tool, .context.requestId")]
    [InlineData("{{.context.tennant}}", 1, 12, "did you mean .context.tenant")]
    [InlineData("{{.context.password}}", 1, 12, "one of .context.tenant")]
    [InlineData("{{.context.tenant.id}}", 1, 12, "one of .context.tenant")]
    [InlineData("{{.input.a .input.b}}", 1, 12, "Expected `|`")]
    [InlineData("{{1}}", 1, 3, "without braces")]
    [InlineData("{{true}}", 1, 3, "without braces")]
    // JSON.
    [InlineData("", 1, 1, "JSON value is missing")]
    [InlineData(" \n ", 2, 2, "JSON value is missing")]
    [InlineData("{", 1, 2, "`}` is missing")]
    [InlineData("{\"a\":1", 1, 7, "`}` is missing")]
    [InlineData("[1\n2]", 2, 1, "Expected `,` or `]`")]
    [InlineData("[1,]", 1, 4, "remove a comma")]
    [InlineData("{\"a\":1,}", 1, 8, "Remove the comma")]
    [InlineData("{a:1}", 1, 2, "name in double quotes")]
    [InlineData("{ {{.input.a}}: 1}", 1, 3, "as in \"{{.input.key}}\"")]
    [InlineData("{\"a\" 1}", 1, 6, "Expected `:`")]
    [InlineData("{\"a\":}", 1, 6, "Expected a value before this `}`")]
    [InlineData("'a'", 1, 1, "double quotes")]
    [InlineData("01", 1, 1, "no JSON number")]
    [InlineData("1.", 1, 1, "no JSON number")]
    [InlineData("-", 1, 1, "no JSON number")]
    [InlineData("1e+", 1, 1, "no JSON number")]
    [InlineData("1{{.input.a}}", 1, 1, "no JSON number")]
    [InlineData("{{.input.a}}{{.input.b}}", 1, 13, "one JSON value")]
    [InlineData("{{.input.a}}1", 1, 13, "one JSON value")]
    [InlineData("{} // end", 1, 4, "one JSON value")]
    [InlineData("[ // a", 1, 3, "no comments")]
    [InlineData("True", 1, 1, "Expected a JSON value")]
    [InlineData("\"a", 1, 1, "never closed")]
    [InlineData("\"a\nb\"", 1, 3, "as in \\n")]
    [InlineData("\"a\\x\"", 1, 3, "JSON knows the escapes")]
    [InlineData("\"\\u12\"", 1, 2, "Four hexadecimal digits")]
    [InlineData("\"\\ud83d{{.input.a}}\\ude00\"", 1, 2, "half of a surrogate pair")]
    [InlineData("\"\\ude00\"", 1, 2, "half of a surrogate pair")]
    [InlineData("]", 1, 1, "Expected a JSON value")]
    public void A_fault_has_its_place_and_says_what_to_write(string text, int line, int column, string reason)
    {
        var fault = Given.Fault(text);

        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_the_text_has_its_place() =>
        Assert.Equal((1, 5, "Half of a surrogate pair stands here, which is no character."), Parts(Given.Fault("\"😀x\ud800\"")));

    [Fact]
    public void Caps_are_said()
    {
        Assert.Equal((1, 1, "A template has at most 64 KiB."), Parts(Given.Fault($"\"{new string('x', 64 * 1024)}\"")));
        Assert.Equal((1, 1, "A template has at most 64 KiB."), Parts(Given.Fault($"\"{new string('é', 33 * 1024)}\"")));
        Assert.Equal(256, Given.Template(Repeat(256)).Reads.References.Count);
        Assert.Equal((257, 1, "A template has at most 256 expressions."), Parts(Given.Fault(Repeat(257))));
        Given.Template(Path(32));
        Assert.Equal((1, 73, "A path has at most 32 steps."), Parts(Given.Fault(Path(33))));
        Given.Template(Nested(32));
        Assert.Equal((1, 33, "A template is nested at most 32 deep."), Parts(Given.Fault(Nested(33))));

        static string Repeat(int count) => $"[{string.Join(",\n", Enumerable.Repeat("{{.input.a}}", count))}]";
        static string Path(int steps) => $"{{{{.input{string.Concat(Enumerable.Repeat(".a", steps))}}}}}";
        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Theory]
    [InlineData("{{")]
    [InlineData("{{.input.a")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("\"{{.input.a}}")]
    [InlineData("{{.input.a | default [")]
    [InlineData("{{.input.a[")]
    [InlineData("\\")]
    public void Hostile_repetition_is_a_fault_and_nothing_worse(string unit)
    {
        foreach (var times in new[] { 100, 64 * 1024 / unit.Length, 100_000 })
        {
            var text = string.Concat(Enumerable.Repeat(unit, times));
            Assert.False(JsonTemplate.TryCompile(text, out _, out _));
            Assert.False(JsonTemplate.TryCompile("\"" + text, out _, out _));
            TextTemplate.TryCompile(text, out _, out _);
        }
    }

    private static (int Line, int Column, string Reason) Parts(TemplateFault fault) => (fault.Line, fault.Column, fault.Reason);
}
