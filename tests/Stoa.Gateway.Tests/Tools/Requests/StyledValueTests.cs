using System.Text;
using System.Text.Json;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tests.Tools.Requests;

/// <summary>The table of examples of OpenAPI 3.1 §4.8.12.4, value by value, and what it leaves open.</summary>
public sealed class StyledValueTests
{
    private const string Empty = "\"\"";
    private const string Text = "\"blue\"";
    private const string List = """["blue","black","brown"]""";
    private const string Map = """{"R":100,"G":200,"B":150}""";

    [Theory]
    [InlineData("Matrix", false, Empty, ";color")]
    [InlineData("Matrix", false, Text, ";color=blue")]
    [InlineData("Matrix", false, List, ";color=blue,black,brown")]
    [InlineData("Matrix", false, Map, ";color=R,100,G,200,B,150")]
    [InlineData("Matrix", true, Empty, ";color")]
    [InlineData("Matrix", true, Text, ";color=blue")]
    [InlineData("Matrix", true, List, ";color=blue;color=black;color=brown")]
    [InlineData("Matrix", true, Map, ";R=100;G=200;B=150")]
    [InlineData("Label", false, Empty, ".")]
    [InlineData("Label", false, Text, ".blue")]
    [InlineData("Label", false, List, ".blue,black,brown")]
    [InlineData("Label", false, Map, ".R,100,G,200,B,150")]
    [InlineData("Label", true, Empty, ".")]
    [InlineData("Label", true, Text, ".blue")]
    [InlineData("Label", true, List, ".blue.black.brown")]
    [InlineData("Label", true, Map, ".R=100.G=200.B=150")]
    [InlineData("Simple", false, Empty, "")]
    [InlineData("Simple", false, Text, "blue")]
    [InlineData("Simple", false, List, "blue,black,brown")]
    [InlineData("Simple", false, Map, "R,100,G,200,B,150")]
    [InlineData("Simple", true, Empty, "")]
    [InlineData("Simple", true, Text, "blue")]
    [InlineData("Simple", true, List, "blue,black,brown")]
    [InlineData("Simple", true, Map, "R=100,G=200,B=150")]
    public void In_a_path(string style, bool explode, string value, string expected)
    {
        Assert.Equal(expected, Path(style, explode, value));
    }

    [Theory]
    [InlineData("Form", false, Empty, "color=")]
    [InlineData("Form", false, Text, "color=blue")]
    [InlineData("Form", false, List, "color=blue,black,brown")]
    [InlineData("Form", false, Map, "color=R,100,G,200,B,150")]
    [InlineData("Form", true, Empty, "color=")]
    [InlineData("Form", true, Text, "color=blue")]
    [InlineData("Form", true, List, "color=blue&color=black&color=brown")]
    [InlineData("Form", true, Map, "R=100&G=200&B=150")]
    [InlineData("SpaceDelimited", false, List, "color=blue%20black%20brown")]
    [InlineData("SpaceDelimited", false, Map, "color=R%20100%20G%20200%20B%20150")]
    [InlineData("PipeDelimited", false, List, "color=blue%7Cblack%7Cbrown")]
    [InlineData("PipeDelimited", false, Map, "color=R%7C100%7CG%7C200%7CB%7C150")]
    [InlineData("DeepObject", true, Map, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150")]
    public void In_a_query(string style, bool explode, string value, string expected)
    {
        Assert.Equal("?" + expected, Pairs(style, explode, value, "?", "&"));
    }

    [Theory]
    [InlineData(false, Text, "blue")]
    [InlineData(false, List, "blue,black,brown")]
    [InlineData(false, Map, "R,100,G,200,B,150")]
    [InlineData(true, List, "blue,black,brown")]
    [InlineData(true, Map, "R=100,G=200,B=150")]
    [InlineData(false, "\"a b%/ü\"", "a b%/ü")]
    public void In_a_header_nothing_is_encoded(bool explode, string value, string expected)
    {
        Assert.Equal(expected, StyledValue.Header(Route("Simple", explode), JsonElement.Parse(value)));
    }

    [Theory]
    [InlineData(false, Text, "color=blue")]
    [InlineData(false, List, "color=blue,black,brown")]
    [InlineData(true, List, "color=blue; color=black; color=brown")]
    [InlineData(true, Map, "R=100; G=200; B=150")]
    [InlineData(true, "\"a; b=c\"", "color=a%3B%20b%3Dc")]
    public void In_a_cookie(bool explode, string value, string expected)
    {
        Assert.Equal(expected, Pairs("Form", explode, value, "", "; "));
    }

    [Theory]
    [InlineData("Form", false, """["a,b","x&y","100%","ü"]""", "color=a%2Cb,x%26y,100%25,%C3%BC")]
    [InlineData("Form", true, """["!()*'","a+b","~-._"]""", "color=%21%28%29%2A%27&color=a%2Bb&color=~-._")]
    [InlineData("PipeDelimited", false, """["a|b","c"]""", "color=a%7Cb%7Cc")]
    [InlineData("DeepObject", true, """{"a]&b":"x=y"}""", "color%5Ba%5D%26b%5D=x%3Dy")]
    [InlineData("DeepObject", true, """{"a":{"b":1},"c":[2,3]}""", "color%5Ba%5D%5Bb%5D=1&color%5Bc%5D=2&color%5Bc%5D=3")]
    [InlineData("Form", true, """{"q":[1,{"x":2}]}""", "q=%5B1%2C%7B%22x%22%3A2%7D%5D")]
    [InlineData("Form", false, """[1.50,true,false,1e3]""", "color=1.50,true,false,1e3")]
    public void Values_are_percent_encoded_one_by_one(string style, bool explode, string value, string expected)
    {
        Assert.Equal("?" + expected, Pairs(style, explode, value, "?", "&"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("""{"a":null}""")]
    public void What_RFC_6570_calls_undefined_is_left_out(string value)
    {
        foreach (var explode in new[] { false, true })
        {
            Assert.All(new[] { "Form", "SpaceDelimited", "PipeDelimited", "DeepObject" }, style => Assert.Equal("", Pairs(style, explode, value, "?", "&")));
            Assert.All(new[] { "Simple", "Label", "Matrix" }, style => Assert.Equal("nothing", Path(style, explode, value)));
            Assert.Null(StyledValue.Header(Route("Simple", explode), JsonElement.Parse(value)));
        }
    }

    [Fact]
    public void Null_items_are_left_out_of_a_list_and_empty_ones_are_not()
    {
        Assert.Equal("?color=&color=a", Pairs("Form", true, """[null,"","a"]""", "?", "&"));
        Assert.Equal("?color=,a", Pairs("Form", false, """[null,"","a"]""", "?", "&"));
    }

    private static string Path(string style, bool explode, string value)
    {
        var text = new StringBuilder();
        return StyledValue.AppendPath(text, Route(style, explode), JsonElement.Parse(value)) ? text.ToString() : $"nothing{text}";
    }

    private static string Pairs(string style, bool explode, string value, string separator, string between)
    {
        var text = new StringBuilder();
        StyledValue.AppendPairs(text, Route(style, explode), JsonElement.Parse(value), ref separator, between);
        return text.ToString();
    }

    private static ParameterRoute Route(string style, bool explode) =>
        new("color", ParameterPlace.Query, "color", Enum.Parse<ParameterStyle>(style), explode);
}
