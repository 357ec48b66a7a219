using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tests.Tools.Templates;

public sealed class TextTemplateTests
{
    private const string Input = """{"city":"Paris \"N\"\u00e9","n":1.50,"no":null,"list":[1,"a"],"empty":""}""";

    [Theory]
    [InlineData("", "")]
    [InlineData("metric", "metric")]
    [InlineData("{ } }} \" \\n", "{ } }} \" \\n")]
    [InlineData("{{.input.city}}", "Paris \"N\"é")]
    [InlineData("{{.input.n}}", "1.50")]
    [InlineData("{{.input.list}}", "[1,\"a\"]")]
    [InlineData("{{.input.empty}}", "")]
    [InlineData("{{.input.no}}", null)]
    [InlineData("{{.input.missing}}", null)]
    [InlineData("{{.input.missing | json}}", null)]
    [InlineData("{{.input.missing | default null}}", null)]
    [InlineData("{{.input.missing | default 3}}", "3")]
    [InlineData("{{.input.missing | default \"a\\nb\"}}", "a\nb")]
    [InlineData("{{.input.empty | json}}", "\"\"")]
    [InlineData(" {{.input.missing}}", " ")]
    [InlineData("<{{.input.missing}}{{.input.no}}>", "<>")]
    [InlineData("{{.input.missing}}{{.input.no}}", "")]
    [InlineData("<{{.input.missing | json}}>", "<null>")]
    [InlineData("{{.context.tenant}}/{{.context.requestId}}", "acme/req-1")]
    [InlineData("{{\"{{\"}}x}}", "{{x}}")]
    [InlineData("{{.response.x}}", null)]
    public void A_text_is_rendered(string template, string? text) => Assert.Equal(text, Given.Rendered(template, Given.Scope(Input)));

    [Fact]
    public void Half_a_surrogate_pair_becomes_replacement_characters() =>
        Assert.Equal("x", Given.Rendered("x{{.input.a}}", Given.Scope("""{"a":"\ud800"}"""))!.TrimEnd('\ufffd'));

    [Fact]
    public void Text_over_its_cap_is_refused_in_words()
    {
        var scope = Given.Scope($$"""{"a":"{{new string('x', TextTemplate.MaxOutput / 2)}}"}""");

        Assert.True(Given.Text("{{.input.a}}").TryRender(scope, out _, out _));
        Assert.False(Given.Text("{{.input.a}}{{.input.a}}").TryRender(scope, out var text, out var fault));
        Assert.Null(text);
        Assert.Equal("A value for the query or a header is over 32768 bytes. Send less.", fault);
    }

    [Fact]
    public void A_fault_has_its_place()
    {
        Assert.False(TextTemplate.TryCompile("Bearer\n {{.input.token", out _, out var fault));
        Assert.Equal("line 2, column 2: This expression is never closed; end it with `}}`.", fault.ToString());
    }
}
