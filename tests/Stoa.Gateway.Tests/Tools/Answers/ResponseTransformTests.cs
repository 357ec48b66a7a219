using System.Text;
using Stoa.Gateway.Tests.Tools.Templates;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tests.Tools.Answers;

public sealed class ResponseTransformTests
{
    private const string Upstream = """{"name":"Paris","weather":[{"id":500,"description":"light \"rain\""}],"main":{"temp":18.30,"humidity":60}}""";

    private const string Tutorial = """
        {
          "city": {{.input.city}},
          "temperature": {{.response.main.temp}},
          "description": "{{.response.weather[0].description}}",
          "humidity": {{.response.main.humidity}}
        }
        """;

    [Fact]
    public void The_weather_has_exactly_four_fields() => Assert.Equal(
        """{"city":"Paris","temperature":18.30,"description":"light \"rain\"","humidity":60}""", Answered(new(null, Given.Template(Tutorial)), Upstream));

    [Fact]
    public void The_template_sees_what_the_mapping_left() => Assert.Equal(
        """{"city":"Paris","temperature":18.30,"description":"","humidity":null}""", Answered(new(Mapping("main.temp"), Given.Template(Tutorial)), Upstream));

    [Fact]
    public void A_mapping_alone_is_an_answer() => Assert.Equal("""{"main":{"temp":18.30}}""", Answered(new(Mapping("main.temp"), null), Upstream));

    [Theory]
    [InlineData("", "The upstream answered without content")]
    [InlineData(" \n", "The upstream answered without content")]
    [InlineData("<html></html>", "The upstream answered with a page of HTML or XML")]
    [InlineData("oops", "The upstream's answer is not well-formed JSON")]
    [InlineData("{\"a\":1", "The upstream's answer is not well-formed JSON")]
    [InlineData("{\"a\":1} {}", "The upstream's answer is not well-formed JSON")]
    [InlineData("{\"a\":\"\\ud800\"}", "The upstream's answer is not well-formed JSON")]
    public void What_is_no_json_is_said_in_words(string upstream, string fault)
    {
        Assert.StartsWith(fault, Fault(new(Mapping("a"), null), upstream), StringComparison.Ordinal);
        Assert.StartsWith(fault, Fault(new(null, Given.Template("{}")), upstream), StringComparison.Ordinal);
        Assert.StartsWith(fault, Fault(new(Mapping("a"), Given.Template("{{.response}}")), upstream), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_no_json()
    {
        byte[] latin1 = [(byte)'"', 0xE9, (byte)'"'];

        Assert.False(new ResponseTransform(Mapping("$"), null).TryApply(latin1, default, Given.Context, 100, out _, out var fault));
        Assert.StartsWith("The upstream's answer is not well-formed JSON", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_over_the_cap_is_refused_whoever_makes_it()
    {
        Assert.EndsWith("over its limit of 10 bytes. Ask for less.", Fault(new(Mapping("main"), null), Upstream, maxBytes: 10), StringComparison.Ordinal);
        Assert.EndsWith("over its limit of 10 bytes. Ask for less.", Fault(new(null, Given.Template("{{.response}}")), Upstream, maxBytes: 10), StringComparison.Ordinal);
    }

    [Fact]
    public void No_answer_is_deeper_than_readers_allow()
    {
        var transform = new ResponseTransform(null, Given.Template("""{"a":{{.response}}}"""));

        Assert.Equal($$"""{"a":{{Nested(63)}}}""", Answered(transform, Nested(63)));
        Assert.Equal("What this tool makes of the upstream's answer is nested more than 64 deep.", Fault(transform, Nested(64)));
        Assert.StartsWith("The upstream's answer is not well-formed", Fault(transform, Nested(65)), StringComparison.Ordinal);

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public void A_disposed_answer_cannot_be_read()
    {
        Assert.True(new ResponseTransform(Mapping("$"), null).TryApply("{}"u8.ToArray(), default, Given.Context, 100, out var answer, out _));
        Assert.True(answer.IsObject);
        answer.Dispose();
        answer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => answer.Body);
    }

    private static ResponseMapping Mapping(string include)
    {
        Assert.True(ResponsePath.TryCompile(include, out var path, out var fault), fault?.ToString());
        return new([path], []);
    }

    private static string Answered(ResponseTransform transform, string upstream)
    {
        Assert.True(transform.TryApply(Encoding.UTF8.GetBytes(upstream), Given.Json("""{"city":"Paris"}"""), Given.Context, 10_000, out var answer, out var fault), fault);
        using (answer)
        {
            return Encoding.UTF8.GetString(answer.Body.Span);
        }
    }

    private static string Fault(ResponseTransform transform, string upstream, int maxBytes = 10_000)
    {
        Assert.False(transform.TryApply(Encoding.UTF8.GetBytes(upstream), Given.Json("{}"), Given.Context, maxBytes, out var answer, out var fault));
        Assert.Null(answer);
        return fault;
    }
}
