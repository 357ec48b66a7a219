using System.Text;
using Stoa.Gateway.Models.Answers;

namespace Stoa.Gateway.Tests.Models.Answers;

public sealed class ToolCallTypesTests
{
    [Theory]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}""", """{"choices":[{"message":{"tool_calls":[{"type":"function","id":"a","function":{"name":"f","arguments":"{}"}}]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls": [ {"id":"a"} , {"id":"b","type":"function"}, { "id":"c" } ]}}]}""", """{"choices":[{"delta":{"tool_calls": [ {"type":"function","id":"a"} , {"id":"b","type":"function"}, {"type":"function", "id":"c" } ]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"type":"x"}}]}},{"message":{"tool_calls":[{"id":"b"}]}}]}""", """{"choices":[{"message":{"tool_calls":[{"type":"function","function":{"type":"x"}}]}},{"message":{"tool_calls":[{"type":"function","id":"b"}]}}]}""")]
    public void A_call_without_a_type_gets_one_and_every_other_byte_stays(string came, string goes)
    {
        Assert.True(ToolCallTypes.TryAdd(Encoding.UTF8.GetBytes(came), out var typed));
        Assert.Equal(goes, Encoding.UTF8.GetString(typed.Span));
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"no calls"}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"{\"tool_calls\":[{\"id\":\"a\"}]}"}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":null}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{}, 1, [{"id":"a"}]]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a","type":null}]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a"}""")]
    [InlineData("""{"tool_calls":""")]
    public void What_lacks_nothing_or_is_broken_stays_as_it_is(string came) =>
        Assert.False(ToolCallTypes.TryAdd(Encoding.UTF8.GetBytes(came), out _));
}
