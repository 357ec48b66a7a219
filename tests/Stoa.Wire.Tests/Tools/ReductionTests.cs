using System.Text;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>Answers made shorter for a model, by the tool's own choice or the caller's, and never at the price of what the tool promises.</summary>
public sealed class ReductionTests(World world) : IClassFixture<World>
{
    private const string Long = """{"id":"a-1","note":null,"items":[1,2,3,4,5,6,7,8,9,10,11,12],"owner_id":7}""";

    [Theory]
    [InlineData("none", 12)]
    [InlineData("moderate", 10)]
    [InlineData("AGGRESSIVE", 5)]
    public async Task The_header_decides_on_both_doors(string level, int shown)
    {
        world.UpstreamAnswers(200, "application/json", Long);
        await world.ToolAsync("reduced", "reduction: moderate");

        var rest = await InvokeAsync("reduced", level);
        var mcp = await world.Modern().CallAsync("reduced", "{}", ("X-Token-Optimization", level));

        foreach (var result in new[] { rest.Json.GetProperty("result"), mcp.Result.GetProperty("structuredContent") })
        {
            Assert.Equal(shown, result.GetProperty("items").GetArrayLength());
            Assert.Equal(("a-1", 7), (result.GetProperty("id").GetString(), result.GetProperty("owner_id").GetInt32()));
            Assert.Equal(shown == 12, result.TryGetProperty("note", out _));
        }

        Assert.Equal(shown == 12 ? 1 : 2, mcp.Result.GetProperty("content").GetArrayLength());
        Assert.Equal(shown < 12, rest.Text.Contains("Shortened by the gateway", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_header_the_tool_decides()
    {
        world.UpstreamAnswers(200, "application/json", Long);
        await world.ToolAsync("reduced_own", "reduction: moderate");
        await world.ToolAsync("reduced_not");

        Assert.Equal(10, (await world.InvokeAsync("reduced_own")).Json.GetProperty("result").GetProperty("items").GetArrayLength());
        Assert.Equal(Long, (await world.InvokeAsync("reduced_not")).Json.GetProperty("result").GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("max")]
    [InlineData("none, moderate")]
    public async Task An_unknown_level_is_400_and_nothing_is_called(string level)
    {
        await world.ToolAsync("reduced_unknown");
        var before = world.Upstream.Requests.Count;

        var rest = await InvokeAsync("reduced_unknown", level);
        var mcp = await world.Modern().CallAsync("reduced_unknown", "{}", ("X-Token-Optimization", level));

        Assert.Equal(400, rest.Status);
        Assert.Contains("none, moderate or aggressive", rest.Text, StringComparison.Ordinal);
        Assert.Contains("none, moderate or aggressive", mcp.Is(400, -32600).Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task What_the_tool_promises_is_kept_whole()
    {
        world.UpstreamAnswers(200, "application/json", Long);
        await world.ToolAsync("reduced_promise", "reduction: aggressive\noutputSchema: { type: object, required: [note], properties: { items: { type: array, minItems: 12 } } }");

        var reply = await world.Modern().CallAsync("reduced_promise");

        Assert.Equal(Long, reply.Result.GetProperty("structuredContent").GetRawText());
        Assert.Single(reply.Result.GetProperty("content").EnumerateArray());
    }

    [Fact]
    public async Task The_cache_keeps_the_whole_answer()
    {
        world.UpstreamAnswers(200, "application/json", Long);
        await world.ToolAsync("reduced_cached", "cache: { ttl: 1h }");

        var shorter = await InvokeAsync("reduced_cached", "aggressive");
        var whole = await world.InvokeAsync("reduced_cached");

        Assert.Equal(("miss", "hit"), (shorter.Header("x-stoa-cache"), whole.Header("x-stoa-cache")));
        Assert.Equal(Long, whole.Json.GetProperty("result").GetRawText());
        Assert.True(shorter.Json.GetProperty("result").GetRawText().Length < Long.Length);
    }

    [Fact]
    public async Task Text_and_errors_pass_as_they_are()
    {
        await world.ToolAsync("reduced_text", "reduction: aggressive");
        world.UpstreamAnswers(200, "text/plain", new string('x', 5000));
        Assert.Equal(new string('x', 5000), (await world.InvokeAsync("reduced_text")).Json.GetProperty("result").GetString());

        world.UpstreamAnswers(500, "application/json", Long);
        Assert.True((await world.InvokeAsync("reduced_text")).Json.GetProperty("isError").GetBoolean());
    }

    private async Task<Reply> InvokeAsync(string tool, string level)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/mcp/v1/tools/{tool}/invoke") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("X-Token-Optimization", level);
        using var response = await world.Client(world.Key).SendAsync(request);
        return await world.Modern().ReadAsync(response);
    }
}
