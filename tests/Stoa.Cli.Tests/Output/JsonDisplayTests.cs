using System.Text.Json.Nodes;
using Stoa.Cli.Output;

namespace Stoa.Cli.Tests.Output;

public sealed class JsonDisplayTests
{
    [Theory]
    [InlineData(0x202e)]
    [InlineData(0x2066)]
    [InlineData(0x200f)]
    [InlineData(0x061c)]
    [InlineData(0x009b)]
    [InlineData(0x001b)]
    public void What_could_make_text_read_as_another_is_escaped_in_names_and_values(int code)
    {
        var text = $"paid{(char)code}txt";

        var shown = JsonDisplay.Of(new JsonObject { [text] = text });

        Assert.DoesNotContain((char)code, shown);
        Assert.Equal(text, JsonNode.Parse(shown)![text]!.GetValue<string>());
    }
}
