using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tests.Tools.Answers;

public sealed class ResponsePathTests
{
    [Theory]
    [InlineData("main.temp", """["main"]["temp"]""")]
    [InlineData("items[].name", """["items"][]["name"]""")]
    [InlineData("items[*].name", """["items"][]["name"]""")]
    [InlineData("weather[0].description", """["weather"][0]["description"]""")]
    [InlineData("""["odd key"].x""", """["odd key"]["x"]""")]
    [InlineData("[].id", """[]["id"]""")]
    [InlineData("[3]", "[3]")]
    [InlineData(".response.main", """["main"]""")]
    [InlineData(".response", "")]
    [InlineData(".response[0]", "[0]")]
    [InlineData(".responses", """["responses"]""")]
    [InlineData("response.main", """["response"]["main"]""")]
    [InlineData(".main", """["main"]""")]
    [InlineData(".[0]", "[0]")]
    [InlineData(".", "")]
    [InlineData("$", "")]
    [InlineData("$.a.b", """["a"]["b"]""")]
    [InlineData("$[0]", "[0]")]
    [InlineData("$ref", """["$ref"]""")]
    [InlineData("_links.@id", """["_links"]["@id"]""")]
    public void A_path_has_its_steps(string text, string steps)
    {
        Assert.True(ResponsePath.TryCompile(text, out var path, out var fault), fault?.ToString());
        Assert.Equal(steps, string.Concat(path.Steps.ToArray()));
        Assert.Equal(text, path.Text);
    }

    [Theory]
    [InlineData("", 1, "write `$`")]
    [InlineData(" a", 1, "Expected a name")]
    [InlineData("a b", 2, "Expected `.`")]
    [InlineData("a..b", 3, "Expected a name after the dot")]
    [InlineData("a.", 3, "Expected a name after the dot")]
    [InlineData("$..a", 3, "Expected a name after the dot")]
    [InlineData("a.*", 3, "Expected a name after the dot")]
    [InlineData("a.[0]", 3, "without a dot")]
    [InlineData("a[-1]", 3, "no negative ones")]
    [InlineData("a[0:2]", 4, "Expected `]`")]
    [InlineData("a[?(@.x)]", 3, "Expected an index")]
    [InlineData("a[100000]", 3, "at most 99999")]
    [InlineData("{{.response.a}}", 1, "Expected a name")]
    [InlineData("a}}", 2, "without braces")]
    [InlineData("a[\"b", 3, "never closed")]
    public void A_fault_has_its_place(string text, int column, string reason)
    {
        Assert.False(ResponsePath.TryCompile(text, out _, out var fault));
        Assert.Equal((1, column), (fault.Line, fault.Column));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }
}
