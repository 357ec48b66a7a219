using System.Text.Json;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>The tool of the tutorial: a city in, exactly four fields out, the key in the query, the caller's token nowhere.</summary>
public sealed class WeatherToolTests(World world) : IClassFixture<World>
{
    private const string Answer = """
        {"coord":{"lon":-0.13,"lat":51.51},"weather":[{"id":300,"main":"Drizzle","description":"light \"drizzle\" é"}],"base":"stations",
         "main":{"temp":12.30,"pressure":1012,"humidity":81},"dt":1485789600,"sys":{"type":1,"id":5091,"country":"GB"},"id":2643743,"name":"London","cod":200}
        """;

    private const string Tool = """
        inputSchema:
          type: object
          additionalProperties: false
          required: [city]
          properties: { city: { type: string, minLength: 2, maxLength: 100 } }
        auth:
          type: apiKey
          apiKey: { in: query, name: appid, secretRef: { name: weather-api, key: key } }
        requestTransform:
          queryParams:
            - { name: q, value: "{{.input.city}}" }
            - { name: units, value: metric }
        responseTransform:
          template: |
            {
              "city": {{.response.name}},
              "temperature": {{.response.main.temp}},
              "description": {{.response.weather[0].description}},
              "humidity": {{.response.main.humidity}}
            }
        outputSchema:
          type: object
          additionalProperties: false
          required: [city, temperature, description, humidity]
          properties: { city: { type: string }, temperature: { type: number }, description: { type: string }, humidity: { type: integer, maximum: 100 } }
        """;

    [Fact]
    public async Task A_city_goes_in_and_four_fields_come_out()
    {
        await ApplyAsync();
        world.UpstreamAnswers(200, "application/json; charset=utf-8", Answer);

        var reply = (await world.Modern().CallAsync("get_current_weather", """{"city":"London"}""")).IsResult();

        Assert.Equal(
            """{"city":"London","temperature":12.30,"description":"light \"drizzle\" é","humidity":81}""",
            string.Concat(reply.Result.GetProperty("structuredContent").GetRawText().Where(c => c is not ('\n' or ' '))).Replace("light\\\"drizzle\\\"é", "light \\\"drizzle\\\" é", StringComparison.Ordinal));
        Assert.True(JsonElement.DeepEquals(reply.Result.GetProperty("structuredContent"), JsonElement.Parse(reply.ToolText)));
        var sent = world.Upstream.Requests[^1];
        Assert.Equal(("GET", "/data/2.5/weather?q=London&units=metric&appid=w3ather%2Fkey"), (sent.Method, sent.Target));
        Assert.Equal(["Host", "Accept", "User-Agent", "traceparent"], sent.HeaderLines.Select(line => line.Split(':')[0]).OrderBy(n => Array.IndexOf(["Host", "Accept", "User-Agent", "traceparent"], n)));
        world.AssertNoKeyWentUpstream();
    }

    [Theory]
    [InlineData("""{"name":"London","main":{"temp":"mild","humidity":81},"weather":[{"description":"fog"}]}""", "- /temperature must be")]
    [InlineData("""{"name":"London","main":{"temp":1,"humidity":181},"weather":[{"description":"fog"}]}""", "- /humidity must be")]
    [InlineData("""{"message":"hunter2-hunter2"}""", "- /city must be")]
    public async Task What_does_not_fit_the_output_schema_is_named_by_path_and_never_by_value(string answer, string finding)
    {
        await ApplyAsync();
        world.UpstreamAnswers(200, "application/json", answer);

        var reply = (await world.Modern().CallAsync("get_current_weather", """{"city":"London"}"""))
            .IsToolErrorSaying("The answer does not fit the output schema that this tool promises.");

        Assert.Contains(finding, reply.ToolText, StringComparison.Ordinal);
        Assert.DoesNotContain("mild", reply.ToolText, StringComparison.Ordinal);
        Assert.DoesNotContain("181", reply.ToolText, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", reply.ToolText, StringComparison.Ordinal);
        Assert.InRange(reply.ToolText.Split('\n').Length, 2, 7);
    }

    [Theory]
    [InlineData("text/html", "<html>sign in</html>", "HTML")]
    [InlineData("application/json", "{\"name\":", "JSON")]
    [InlineData("application/json", "", "without content")]
    public async Task An_answer_that_is_no_json_is_an_error_in_plain_words(string type, string body, string words)
    {
        await ApplyAsync();
        world.UpstreamAnswers(200, type, body);

        (await world.Modern().CallAsync("get_current_weather", """{"city":"London"}""")).IsToolErrorSaying(words);
    }

    [Fact]
    public async Task A_mapping_keeps_and_drops_parts()
    {
        await world.ToolAsync("mapped", "responseMapping: { include: [name, 'weather[].description', main], exclude: [main.pressure] }");
        world.UpstreamAnswers(200, "application/json", Answer);

        var reply = (await world.Modern().CallAsync("mapped")).IsResult();

        Assert.True(
            JsonElement.DeepEquals(
                JsonElement.Parse("""{"weather":[{"description":"light \"drizzle\" é"}],"main":{"temp":12.30,"humidity":81},"name":"London"}"""),
                reply.Result.GetProperty("structuredContent")),
            reply.Text);
    }

    private Task ApplyAsync() => world.ApplyAsync(
        Given.Secret("weather-api", "key", "w3ather/key"), Given.Tool("get_current_weather", $"{world.Upstream.Url}data/2.5/weather", Tool));
}
