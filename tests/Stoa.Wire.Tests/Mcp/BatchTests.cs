using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Arrays of messages: a MUST of 2025-03-26, absent everywhere else.</summary>
public sealed class BatchTests(World world) : IClassFixture<World>
{
    private const string Ping = """{"jsonrpc":"2.0","id":"p","method":"ping"}""";
    private const string Note = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private Agent Agent => world.Agent(Revision.V202503);

    [Fact]
    public async Task Every_request_is_answered_and_nothing_else()
    {
        await world.ToolAsync("batched", Given.CityInput);

        string[] items =
        [
            Ping, Note, Call(2, "batched", """{"city":"Rome"}"""), Call(3, "batched"), """{"jsonrpc":"2.0","id":9,"result":{}}""",
            """{"jsonrpc":"2.0","id":4,"method":"made/up"}""", "7", """{"jsonrpc":"1.0","id":5,"method":"ping"}""",
        ];

        var reply = await Agent.PostAsync($"[{string.Join(", ", items)}]");

        Assert.Equal((200, "application/json"), (reply.Status, reply.Header("Content-Type")));
        Assert.Equal(["\"p\" ok", "2 ok", "3 -32602", "4 -32601", "none -32600", "5 -32600"], Outcomes(reply));
    }

    [Fact]
    public async Task Each_item_is_governed_by_itself()
    {
        await world.ToolAsync("batch_read");
        await world.ToolAsync("batch_write", "method: POST");
        var writes = world.Upstream.Requests.Count(r => r.Method == "POST");

        var reply = await world.Agent(Revision.V202503, world.ReaderKey).PostAsync($"[{Call(1, "batch_read")},{Call(2, "batch_write")},{Call(3, "hidden")},{Call(4, "batch_read")}]");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["1 ok", "2 -31017", "3 -32602", "4 ok"], Outcomes(reply));
        Assert.Equal(writes, world.Upstream.Requests.Count(r => r.Method == "POST"));
    }

    [Theory]
    [InlineData($"[{Note}]")]
    [InlineData($"[{Note},{Note}]")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{}}]""")]
    public async Task Notifications_and_responses_alone_are_accepted_without_a_word(string body)
    {
        var reply = await Agent.PostAsync(body);

        Assert.Equal((202, "", null), (reply.Status, reply.Text, reply.Header("Content-Type")));
    }

    [Fact]
    public async Task An_empty_array_is_one_error_and_no_array()
    {
        var reply = (await Agent.PostAsync("[]")).Is(400, -32600);

        Assert.Equal(JsonValueKind.Object, reply.Json.ValueKind);
        Assert.Null(reply.Id);
    }

    [Theory]
    [InlineData(50, 200)]
    [InlineData(51, 400)]
    [InlineData(20_000, 400)]
    public async Task Fifty_messages_are_the_most(int count, int status)
    {
        var reply = await Agent.PostAsync($"[{string.Join(',', Enumerable.Repeat(Ping, count))}]");

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 200 ? count : 0, reply.Json.ValueKind is JsonValueKind.Array ? reply.Json.GetArrayLength() : 0);
    }

    [Theory]
    [InlineData(Revision.V2024)]
    [InlineData(Revision.V202506)]
    [InlineData(Revision.V202511)]
    [InlineData(Revision.Modern)]
    [InlineData("1999-01-01")]
    public async Task No_other_revision_has_arrays(string revision) => (await world.Agent(revision).PostAsync($"[{Ping}]")).Is(400, -32600);

    [Fact]
    public async Task Initialize_is_never_part_of_one() =>
        Assert.Equal(["1 -32600"], Outcomes(await Agent.PostAsync("""[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]""")));

    [Fact]
    public async Task An_array_in_an_array_is_an_invalid_message() => Assert.Equal(["none -32600"], Outcomes(await Agent.PostAsync($"[[{Ping}]]")));

    [Fact]
    public async Task Modern_metadata_in_an_item_does_not_open_the_modern_revision()
    {
        var reply = await Agent.PostAsync($"[{world.Modern().Body("tools/list")}]");

        Assert.False(reply.Json[0].TryGetProperty("result", out var result) && result.TryGetProperty("resultType", out _));
    }

    private static string Call(int id, string tool, string arguments = "{}") =>
        $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\",\"arguments\":{arguments}}}}}";

    private static IEnumerable<string> Outcomes(Reply reply) => reply.Json.EnumerateArray().Select(item =>
        $"{(item.TryGetProperty("id", out var id) ? id.GetRawText() : "none")} {(item.TryGetProperty("error", out var error) ? error.GetProperty("code").GetRawText() : "ok")}");
}
