using System.Globalization;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>Lists that come in pages, from endpoints that behave and from those that do not.</summary>
public sealed class PagingTests(World world) : IClassFixture<World>
{
    private const string Cursor = "pagination: { type: cursor, cursorParam: after, nextCursor: meta.next, items: data.items, limitParam: size, maxPages: 20 }";

    private static readonly string[] Numbers = [.. Enumerable.Range(0, 25).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private int _asked;

    [Fact]
    public async Task Offset_reads_to_the_first_short_page_and_keeps_the_first_envelope()
    {
        await world.ToolAsync("offset", "pagination: { type: offset, offsetParam: skip, limitParam: take, items: items }", "list?v=1");
        UpstreamPages(by: "skip", size: "take");

        var reply = await CallAsync("offset", """{"q":"a b"}""");

        Assert.Equal($$"""{"total":25,"items":[{{string.Join(',', Numbers)}}],"more":true}""", reply.Result.GetProperty("structuredContent").GetRawText());
        Assert.Equal(
            ["/list?v=1&q=a%20b&take=10&skip=0", "/list?v=1&q=a%20b&take=10&skip=10", "/list?v=1&q=a%20b&take=10&skip=20"],
            Targets());
    }

    [Theory]
    [InlineData(1, "1 2 3")]
    [InlineData(0, "0 1 2")]
    public async Task Pages_are_counted_from_where_the_endpoint_counts(int first, string pages)
    {
        await world.ToolAsync("paged", $"pagination: {{ type: page, pageParam: p, limitParam: n, firstPage: {first} }}");
        UpstreamAnswers(exchange => exchange.AnswerJsonAsync(Slice((int.Parse(Query(exchange, "p")!, CultureInfo.InvariantCulture) - first) * 10, 10)));

        var reply = await CallAsync("paged");

        Assert.Equal(pages.Split(' ').Select(p => $"/paged?n=10&p={p}"), Targets());
        Assert.Equal($"[{string.Join(',', Numbers)}]", reply.Result.GetProperty("structuredContent").GetRawText());
    }

    [Fact]
    public async Task A_cursor_is_followed_as_it_came_until_there_is_none()
    {
        await world.ToolAsync("cursor", Cursor);
        UpstreamAnswers(exchange => Query(exchange, "after") switch
        {
            null => exchange.AnswerJsonAsync("""{"data":{"items":[1]},"meta":{"next":"a/b+c=&ü"}}"""),
            "a/b+c=&ü" => exchange.AnswerJsonAsync("""{"data":{"items":[{"x":[2]}, 3]},"meta":{"next":77}}"""),
            "77" => exchange.AnswerJsonAsync("""{"data":{"items":[4]},"meta":{"next":null}}"""),
            _ => exchange.AnswerAsync(400, "text/plain", "unknown cursor"),
        });

        var reply = await CallAsync("cursor");

        Assert.Equal("""{"data":{"items":[1,{"x":[2]}, 3,4]},"meta":{"next":"a/b+c=&ü"}}""", reply.Result.GetProperty("structuredContent").GetRawText());
        Assert.Equal(["/cursor?size=10", "/cursor?size=10&after=a%2Fb%2Bc%3D%26%C3%BC", "/cursor?size=10&after=77"], Targets());
    }

    [Fact]
    public async Task Links_are_followed_within_the_origin_with_the_credential_added_anew()
    {
        await world.ApplyAsync(Given.Secret("pages", "key", "s3cr3t-pages"));
        await world.ToolAsync("links", """
            pagination: { type: link, items: items }
            auth: { type: apiKey, apiKey: { in: query, name: token, secretRef: { name: pages, key: key } } }
            """);
        UpstreamAnswers(exchange => exchange.Request.Target switch
        {
            "/links?q=x&token=s3cr3t-pages" => exchange.AnswerAsync(200, "application/json", """{"items":[1]}""", "Link: </links?page=2&token=s3cr3t-pages>; rel=\"next\", </links>; rel=first"),
            "/links?page=2&token=s3cr3t-pages" => exchange.AnswerAsync(200, "application/json", """{"items":[2]}""", $"Link: <{world.Upstream.Url}links?page=3>; rel=next"),
            "/links?page=3&token=s3cr3t-pages" => exchange.AnswerJsonAsync("""{"items":[3]}"""),
            _ => exchange.AnswerAsync(500, "text/plain", "?"),
        });

        var reply = await CallAsync("links", """{"q":"x"}""");

        Assert.Equal("""{"items":[1,2,3]}""", reply.Result.GetProperty("structuredContent").GetRawText());
        Assert.Equal(3, Targets().Count);
    }

    [Theory]
    [InlineData("http://evil.example/next")]
    [InlineData("//127.0.0.2/next")]
    [InlineData("http://127.0.0.1:1/next")]
    public async Task A_link_that_leads_away_is_not_followed_and_the_agent_is_told(string link)
    {
        await world.ToolAsync("astray", "pagination: { type: link }");
        UpstreamAnswers(exchange => exchange.AnswerAsync(200, "application/json", "[1]", $"Link: <{link}>; rel=next"));

        var reply = await world.Modern().CallAsync("astray");

        Assert.Equal(["[1]", "The link to the next page leads away from the endpoint's own address and was not followed, so the list is not complete."], Texts(reply));
        Assert.Single(Targets());
    }

    [Theory]
    [InlineData("""{"n":7}""", 7)]
    [InlineData("""{"n":"7"}""", 7)]
    [InlineData("""{"n":500}""", 50)]
    [InlineData("""{"n":0}""", 1)]
    [InlineData("{}", 10)]
    public async Task The_callers_page_size_counts_up_to_the_most(string arguments, int size)
    {
        await world.ToolAsync("sized", "inputSchema: { type: object, properties: { n: {} } }\npagination: { type: offset, offsetParam: o, limitParam: n, maxLimit: 50, maxPages: 1 }");
        UpstreamPages(by: "o", size: "n", bare: true);

        await world.Modern().CallAsync("sized", arguments);

        Assert.Equal([$"/sized?n={size}&o=0"], Targets());
    }

    [Fact]
    public async Task A_caller_may_say_where_to_begin_under_the_arguments_own_name()
    {
        await world.ToolAsync("begun", """
            inputSchema: { type: object, properties: { from: { type: integer } } }
            parameters: { from: { in: query, name: o } }
            pagination: { type: offset, offsetParam: o, limitParam: n }
            """);
        UpstreamPages(by: "o", size: "n", bare: true);

        var reply = await CallAsync("begun", """{"from":20}""");

        Assert.Equal("[20,21,22,23,24]", reply.Result.GetProperty("structuredContent").GetRawText());
        Assert.Equal(["/begun?n=10&o=20"], Targets());
    }

    [Theory]
    [InlineData("maxPages: 2", 20, "Only the first 20 items are shown; there may be more.")]
    [InlineData("maxItems: 13", 13, "Only the first 13 items of more are shown.")]
    [InlineData("maxItems: 10", 10, "Only the first 10 items are shown; there may be more.")]
    public async Task A_cap_cuts_the_list_and_says_so_at_both_doors(string cap, int items, string remark)
    {
        await world.ToolAsync("capped", $"pagination: {{ type: offset, offsetParam: o, limitParam: n, {cap} }}");
        UpstreamPages(by: "o", size: "n", bare: true);

        var mcp = await world.Modern().CallAsync("capped");
        var rest = await world.InvokeAsync("capped");

        var list = $"[{string.Join(',', Numbers.Take(items))}]";
        Assert.Equal([list, remark], Texts(mcp));
        Assert.Equal(list, mcp.Result.GetProperty("structuredContent").GetRawText());
        Assert.Equal((list, remark), (rest.Json.GetProperty("result").GetRawText(), rest.Json.GetProperty("note").GetString()));
    }

    [Fact]
    public async Task A_whole_list_has_no_remark()
    {
        await world.ToolAsync("entire", "pagination: { type: offset, offsetParam: o, limitParam: n }");
        UpstreamPages(by: "o", size: "n", bare: true);

        var mcp = await world.Modern().CallAsync("entire");
        var rest = await world.InvokeAsync("entire");

        Assert.Single(Texts(mcp));
        Assert.False(rest.Json.TryGetProperty("note", out _));
    }

    [Fact]
    public async Task Pages_that_never_end_are_left_after_the_most_pages()
    {
        await world.ToolAsync("endless", Cursor);
        UpstreamAnswers(exchange => exchange.AnswerJsonAsync($$$"""{"data":{"items":[{{{Interlocked.Increment(ref _asked)}}}]},"meta":{"next":"c{{{_asked}}}"}}"""));

        var reply = await world.Modern().CallAsync("endless");

        Assert.Equal("Only the first 20 items of more are shown.", Texts(reply)[^1]);
        Assert.Equal(20, Targets().Count);
    }

    [Fact]
    public async Task A_thousand_pages_are_read_as_far_as_the_caps_go()
    {
        await world.ToolAsync("thousand", "pagination: { type: page, pageParam: p, limitParam: n, maxPages: 100, maxItems: 10000 }");
        UpstreamAnswers(exchange => exchange.AnswerJsonAsync($"[{string.Join(',', Enumerable.Repeat(Query(exchange, "p"), 10))}]"));

        var reply = await world.Modern().CallAsync("thousand");

        Assert.Equal("Only the first 1000 items are shown; there may be more.", Texts(reply)[^1]);
        Assert.Equal(1000, reply.Result.GetProperty("structuredContent").GetArrayLength());
        Assert.Equal(100, Targets().Count);
    }

    [Fact]
    public async Task Bytes_are_capped_over_all_pages()
    {
        await world.ToolAsync("heavy", "pagination: { type: page, pageParam: p, limitParam: n }\nmaxResponseBytes: 1KiB");
        UpstreamAnswers(exchange => exchange.AnswerJsonAsync($"[{string.Join(',', Enumerable.Repeat($"\"{Query(exchange, "p")}{new string('x', 40)}\"", 10))}]"));

        var reply = await world.Modern().CallAsync("heavy");

        Assert.Equal("Only the first 20 items of more are shown.", Texts(reply)[^1]);
        Assert.Equal(3, Targets().Count);
    }

    [Theory]
    [InlineData("""{"data":{"items":[1]},"meta":{"next":"same"}}""", """{"data":{"items":[1]},"meta":{"next":"same"}}""", "The endpoint gave the same page twice, so the list may not be complete.", 2)]
    [InlineData("""{"data":{"items":[1,2]},"meta":{"next":"same"}}""", "", "The endpoint gave the same cursor twice, so the list may not be complete.", 3)]
    public async Task A_circle_is_noticed(string answer, string merged, string remark, int asked)
    {
        await world.ToolAsync("circle", Cursor);
        UpstreamAnswers(exchange => exchange.AnswerJsonAsync(merged.Length > 0 ? answer : answer.Replace("1", Interlocked.Increment(ref _asked).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));

        var reply = await world.Modern().CallAsync("circle");

        Assert.Equal(remark, Texts(reply)[^1]);
        Assert.InRange(Targets().Count, 2, asked);
    }

    [Theory]
    [InlineData("""{"data":{}}""", "The upstream's answer has no list at `data.items`.")]
    [InlineData("""{"data":{"items":{"0":1}}}""", "The upstream's answer has an object at `data.items` where a list was expected.")]
    [InlineData("""{"data":{"items":"none"}}""", "The upstream's answer has text at `data.items` where a list was expected.")]
    [InlineData("""{"data":{"items":[1]},"meta":{"next":{}}}""", "The upstream's answer has an object at `meta.next` where the next page's cursor was expected.")]
    [InlineData("""{"data":{"items":[1]""", "The upstream answered with malformed JSON.")]
    public async Task A_page_that_is_not_as_declared_is_an_error(string answer, string fault)
    {
        await world.ToolAsync("wrong", Cursor);
        UpstreamAnswers(exchange => exchange.AnswerJsonAsync(answer));

        var reply = (await world.Modern().CallAsync("wrong")).IsToolErrorSaying(fault);

        Assert.EndsWith(fault, reply.ToolText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "application/json", "{}", "The list could not be read to its end: page 2 failed after 1 item. The upstream failed with 500 Internal Server Error. Try again later.")]
    [InlineData(200, "text/html", "<html>", "The list could not be read to its end: page 2 failed after 1 item. The upstream answered with something other than JSON, which this tool needs to find its list.")]
    [InlineData(200, "application/json", "{\"data\":7}", "The list could not be read to its end: page 2 failed after 1 item. The upstream's answer has no list at `data.items`.")]
    public async Task When_a_later_page_fails_the_call_fails_and_says_how_far_it_came(int status, string type, string body, string fault)
    {
        await world.ToolAsync("broken", Cursor);
        UpstreamAnswers(exchange => Query(exchange, "after") is null
            ? exchange.AnswerJsonAsync("""{"data":{"items":[1]},"meta":{"next":"b"}}""")
            : exchange.AnswerAsync(status, type, body));

        var reply = (await world.Modern().CallAsync("broken")).IsToolErrorSaying("page 2");

        Assert.Equal(fault, reply.ToolText);
    }

    [Fact]
    public async Task An_empty_answer_behind_the_end_is_the_end()
    {
        await world.ToolAsync("behind", "pagination: { type: page, pageParam: p }");
        UpstreamAnswers(exchange => Query(exchange, "p") == "1" ? exchange.AnswerJsonAsync("[1,2]") : exchange.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));

        var reply = await CallAsync("behind");

        Assert.Equal("[1,2]", reply.Result.GetProperty("structuredContent").GetRawText());
    }

    [Fact]
    public async Task The_first_pages_failure_is_told_as_any_other()
    {
        await world.ToolAsync("refused", Cursor);
        UpstreamAnswers(exchange => exchange.AnswerAsync(404, "text/plain", "no"));

        Assert.Equal("The upstream answered 404 Not Found.", (await world.Modern().CallAsync("refused")).IsToolErrorSaying("404").ToolText);
    }

    [Fact]
    public async Task Time_is_capped_over_all_pages()
    {
        var time = new FakeTime();
        await using var own = await World.StartAsync(time: time);
        await own.ToolAsync("slow", Cursor + "\ntimeout: 5s");
        own.UpstreamAnswers(exchange => Query(exchange, "after") is null ? exchange.AnswerJsonAsync("""{"data":{"items":[1]},"meta":{"next":"b"}}""") : exchange.HangAsync());

        var call = own.Modern().CallAsync("slow");
        await own.Upstream.ArrivedAsync(2);
        time.Advance(TimeSpan.FromSeconds(5));

        (await call).IsToolErrorSaying("The list could not be read to its end: page 2 failed after 1 item.");
    }

    [Fact]
    public async Task The_template_sees_the_items_of_all_pages()
    {
        await world.ToolAsync("summed", """
            pagination: { type: offset, offsetParam: o, limitParam: n, maxPages: 2, items: items }
            responseTransform: { template: '{"all": {{.response.items}}, "of": {{.response.total}}}' }
            """);
        UpstreamPages(by: "o", size: "n");

        var reply = await world.Modern().CallAsync("summed");

        Assert.Equal([$$"""{"all":[{{string.Join(',', Numbers.Take(20))}}],"of":25}""", "Only the first 20 items are shown; there may be more."], Texts(reply));
    }

    private async Task<Mcp.Reply> CallAsync(string tool, string arguments = "{}")
    {
        var reply = (await world.Modern().CallAsync(tool, arguments)).IsResult();
        Assert.False(reply.IsToolError, reply.Text);
        return reply;
    }

    /// <summary>The numbers from 0 to 24, some at a time.</summary>
    private void UpstreamPages(string by, string size, bool bare = false) => UpstreamAnswers(exchange =>
    {
        var list = Slice(int.Parse(Query(exchange, by)!, CultureInfo.InvariantCulture), int.Parse(Query(exchange, size)!, CultureInfo.InvariantCulture));
        return exchange.AnswerJsonAsync(bare ? list : $$"""{"total":25,"items":{{list}},"more":true}""");
    });

    private void UpstreamAnswers(Func<ScriptedExchange, Task> script)
    {
        _asked = 0;
        world.UpstreamAnswers(script);
        _before = world.Upstream.Requests.Count;
    }

    private int _before;

    private List<string> Targets() => [.. world.Upstream.Requests.Skip(_before).Select(r => r.Target)];

    private static string Slice(int from, int count) => $"[{string.Join(',', Numbers.Skip(from).Take(count))}]";

    private static string? Query(ScriptedExchange exchange, string name) => exchange.Request.Target.Split('?', 2)[^1].Split('&')
        .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal)).Select(pair => Uri.UnescapeDataString(pair[(name.Length + 1)..])).FirstOrDefault();

    private static string[] Texts(Mcp.Reply reply) => [.. reply.IsResult().Result.GetProperty("content").EnumerateArray().Select(c => c.GetProperty("text").GetString()!)];
}
