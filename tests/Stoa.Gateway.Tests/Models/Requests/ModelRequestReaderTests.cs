using System.Globalization;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.Tests.Models.Requests;

public sealed class ModelRequestReaderTests
{
    [Fact]
    public void A_chat_request_tells_everything_that_routing_and_quotas_ask_for()
    {
        var request = Read(nameof(Wire.Chat), """
            { "mod\u0065l" : "gpt-5", "stream": true, "stream_options": { "include_usage": true }, "max_completion_tokens": 700, "n": 3,
              "metadata": {"team": "blue", "size": 3},
              "messages": [{"role": "system", "content": "abcd"}, {"role": "user", "content": [
                {"type": "text", "text": "what is this"},
                {"type": "image_url", "image_url": {"url": "data:image\/png;base64,iVBORw0KGgo"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
                {"type": "input_audio", "input_audio": {"data": "SUQzBAAAAAAA", "format": "mp3"}}]}] }
            """);

        Assert.Equal("gpt-5", request.Model);
        Assert.True(request.IsStream);
        Assert.True(request.WantsUsage);
        Assert.Equal(700, request.MaxOutputTokens);
        Assert.Equal(3, request.Choices);
        Assert.Equal("blue", request.Tags["team"]);
        Assert.Single(request.Tags);
        Assert.Equal(2, request.Messages);
        Assert.Equal(3, request.MediaParts);
        Assert.Equal(12, request.FileBytes);
        Assert.InRange(request.TextBytes, "abcdwhat is this".Length, 100);
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), "'user':'al\\u0069ce'", "alice")]
    [InlineData(nameof(Wire.Chat), "'user':'old','safety_identifier':'new'", "new")]
    [InlineData(nameof(Wire.Chat), "'safety_identifier':'new','user':'old'", "new")]
    [InlineData(nameof(Wire.Chat), "'metadata':{'user_id':'alice'}", null)]
    [InlineData(nameof(Wire.Chat), "'user':null", null)]
    [InlineData(nameof(Wire.Chat), "'user':{'a':['b']}", null)]
    [InlineData(nameof(Wire.Messages), "'metadata':{'user_id':'alice'}", "alice")]
    public void Whom_the_caller_asks_for_is_found_where_its_wire_says_it(string wire, string member, string? user) =>
        Assert.Equal(user, Read(wire, $$"""{"model":"m","messages":[{"role":"user","content":""}],{{member.Replace('\'', '"')}}}""").EndUser);

    [Fact]
    public void The_lower_of_two_bounds_counts()
    {
        Assert.Equal(5, Read(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user","content":""}],"max_tokens":9,"max_completion_tokens":5}""").MaxOutputTokens);
        Assert.Null(Read(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user","content":""}],"max_tokens":null}""").MaxOutputTokens);
        Assert.Equal(7, Read(nameof(Wire.Responses), """{"model":"m","input":"hi","max_output_tokens":7}""").MaxOutputTokens);
    }

    [Theory]
    [InlineData("""{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAANSUhEUg"}""", 1, 0, 0)]
    [InlineData("""{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjcK"}""", 1, 12, 0)]
    [InlineData("""{"type":"text","media_type":"text/plain","data":"It rained. Then it did not."}""", 0, 0, 27)]
    [InlineData("""{"type":"url","url":"https://example.com/a.pdf"}""", 1, 0, 0)]
    [InlineData("""{"type":"file","file_id":"file_123"}""", 1, 0, 0)]
    public void Documents_of_Anthropic_are_told_apart_by_their_bytes(string source, int media, long fileBytes, long textBytes)
    {
        var without = Read(nameof(Wire.Messages), Document("{}"));
        var with = Read(nameof(Wire.Messages), Document(source));

        Assert.Equal(media, with.MediaParts);
        Assert.Equal(fileBytes, with.FileBytes);
        Assert.InRange(with.TextBytes - without.TextBytes, textBytes, textBytes + 40);
    }

    [Theory]
    [InlineData("'data_sources':[{'type':'azure_search','parameters':{'endpoint':'https://elsewhere.example'}}]")]
    [InlineData("'dataSources':[]")]
    public void Where_azure_is_to_read_with_its_owners_rights_is_no_callers_to_say(string member)
    {
        var body = $"{{'model':'m','messages':[{{'role':'user','content':'hi'}}],{member}}}".Replace('\'', '"');
        var reading = ModelRequestReader.Read(Wire.Chat, Encoding.UTF8.GetBytes(body), null);

        Assert.Contains("with rights that are not yours", reading.Refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","input":"hi","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"model":"m","input":"hi","conversation":{"id":"conv_1"}}""", "conversation")]
    [InlineData("""{"model":"m","input":"hi","background":true}""", "background")]
    [InlineData("""{"model":"m","input":"hi","store":true}""", "store")]
    [InlineData("""{"model":"m","prompt":{"id":"pmpt_1","variables":{"city":"Paris"}}}""", "prompt")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"rs_1"}]}""", "item_reference")]
    [InlineData("""{"model":"m","input":"hi","store":false,"background":false,"previous_response_id":null}""", null)]
    public void Requests_that_lean_on_the_providers_storage_say_by_what(string body, string? member)
    {
        var request = Read(nameof(Wire.Responses), body);
        Assert.Equal(member, request.StateMember);
        Assert.Equal(member is not null, request.NeedsState);
    }

    [Theory]
    [InlineData("\"some text\"", 1, 0)]
    [InlineData("""["one","two"]""", 2, 0)]
    [InlineData("[1,2,3]", 3, 3)]
    [InlineData("[[1,2],[3]]", 2, 3)]
    public void Embeddings_take_texts_and_tokens(string input, int messages, long tokens)
    {
        var request = Read(nameof(Wire.Embeddings), $$"""{"model":"m","input":{{input}}}""");
        Assert.Equal((messages, tokens), (request.Messages, request.TokenIds));
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), """{"messages":[{"role":"user"}]}""", "model")]
    [InlineData(nameof(Wire.Chat), """{"model":"","messages":[{"role":"user"}]}""", "model")]
    [InlineData(nameof(Wire.Chat), """{"model":7,"messages":[{"role":"user"}]}""", "model")]
    [InlineData(nameof(Wire.Chat), """{"model":"m"}""", "messages")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":{}}""", "messages")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[]}""", "messages")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":["hi"]}""", "messages[0]")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"},{"content":"x"}]}""", "messages[1].role")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user","content":{}}]}""", "messages[0].content")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user","content":["a"]}]}""", "messages[0].content")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"stream":"yes"}""", "stream")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"stream_options":[]}""", "stream_options")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"stream_options":{"include_usage":1}}""", "stream_options.include_usage")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"max_tokens":"7"}""", "max_tokens")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"max_tokens":-1}""", "max_tokens")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"max_completion_tokens":1e99}""", "max_completion_tokens")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"n":0}""", "n")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"metadata":"x"}""", "metadata")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"tools":{}}""", "tools")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"tools":["x"]}""", "tools[0]")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"tools":[{"type":"function"}]}""", "tools[0].function")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"tools":[{"type":"function","function":{}}]}""", "tools[0].function.name")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"tools":[{"type":"function","function":{"name":"f"}},{"function":{"name":"g","parameters":"{}"}}]}""", "tools[1].function.parameters")]
    [InlineData(nameof(Wire.Messages), """{"model":"m","messages":[{"role":"user"}],"tools":[{"name":"f"}]}""", "tools[0].input_schema")]
    [InlineData(nameof(Wire.Messages), """{"model":"m","messages":[{"role":"user"}],"tools":[{"input_schema":{}}]}""", "tools[0].name")]
    [InlineData(nameof(Wire.Messages), """{"model":"m","messages":[{"role":"user"}],"mcp_servers":[{"url":"http://169.254.169.254/"}]}""", "mcp_servers[0].url")]
    [InlineData(nameof(Wire.Responses), """{"model":"m"}""", "input")]
    [InlineData(nameof(Wire.Responses), """{"model":"m","input":7}""", "input")]
    [InlineData(nameof(Wire.Responses), """{"model":"m","input":["x"]}""", "input[0]")]
    [InlineData(nameof(Wire.Responses), """{"model":"m","input":"x","tools":[{"name":"f"}]}""", "tools[0].type")]
    [InlineData(nameof(Wire.Responses), """{"model":"m","input":"x","tools":[{"type":"function","parameters":{}}]}""", "tools[0].name")]
    [InlineData(nameof(Wire.Responses), """{"model":"m","input":"x","tools":[{"type":"mcp","server_label":"s","server_url":"http://10.0.0.1/mcp"}]}""", "tools[0].server_url")]
    [InlineData(nameof(Wire.Embeddings), """{"model":"m","input":[]}""", "input")]
    [InlineData(nameof(Wire.Embeddings), """{"model":"m","input":[["a"]]}""", "input")]
    public void What_no_provider_could_make_sense_of_is_refused_by_name(string wire, string body, string param)
    {
        var reading = Reading(wire, body);
        Assert.Null(reading.Request);
        Assert.Equal(param, reading.Param);
        Assert.StartsWith(param, reading.Refusal!.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.MalformedRequest, reading.Refusal.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]} x""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],"temperature":NaN}""")]
    [InlineData("""{"model":"m","model":"m","messages":[{"role":"user"}]}""")]
    [InlineData("""{"model":"m","mod\u0065l":"x","messages":[{"role":"user"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","role":"system"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","text":"b"}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],"tools":[{"function":{"name":"f","parameters":{"properties":{"a":1,"a":2}}}}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],"unknown":{"deep":[{"a":1,"a":2}]}}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("""{"model":"cheap","Model":"dear","messages":[{"role":"user"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],"MAX_TOKENS":9}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],"max_to\u212Aens":9}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}],"Me\u017F\u017fages":[]}""")]
    public void What_two_readers_could_understand_differently_is_no_body(string body)
    {
        Assert.Equal(RefusalKind.MalformedBody, Reading(nameof(Wire.Chat), body).Refusal!.Kind);
    }

    [Fact]
    public void Names_that_nobody_here_reads_may_be_written_as_they_like() =>
        Assert.NotNull(Reading(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user"}],"Temperature":1,"temperature":0,"größe":2}""").Request);

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_no_body()
    {
        byte[] body = [.. """{"model":"m","messages":[{"role":"user","content":" """u8, 0xC3, 0x28, .. "\"}]}"u8];
        Assert.Equal(RefusalKind.MalformedBody, ModelRequestReader.Read(Wire.Chat, body, null).Refusal!.Kind);
    }

    [Theory]
    [InlineData(58, true)]
    [InlineData(80, false)]
    public void Nesting_has_an_end(int depth, bool isRead)
    {
        var body = $$"""{"model":"m","messages":[{"role":"user"}],"x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Assert.Equal(isRead, Reading(nameof(Wire.Chat), body).Request is not null);
    }

    [Fact]
    public void An_object_of_a_million_members_costs_no_more_than_its_first_few_thousand()
    {
        var body = new StringBuilder("""{"model":"m","messages":[{"role":"user"}],"logit_bias":{""");
        for (var i = 0; i < 1_000_000; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"\"{i}\":1,");
        }

        body.Append("\"x\":1}}");
        Assert.Contains("members", Reading(nameof(Wire.Chat), body.ToString()).Refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/a.png")]
    [InlineData("http://2130706433/a.png")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("https://192.168.0.9:8443/x")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://db.internal/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://user:pass@example.com/")]
    [InlineData("http://example.com\\\\@127.0.0.1/")]
    [InlineData("http://example.com/ a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/a")]
    [InlineData("gopher://example.com/")]
    [InlineData("/relative.png")]
    [InlineData("")]
    public void Images_at_places_that_providers_must_not_fetch_are_refused(string url)
    {
        foreach (var (wire, body) in Images(url))
        {
            var reading = Reading(wire, body);
            Assert.True(reading.Request is null, $"{wire}: {body}");
            Assert.Equal(RefusalKind.MalformedRequest, reading.Refusal!.Kind);
        }
    }

    [Theory]
    [InlineData("https://example.com/cat.png?size=1#top")]
    [InlineData("http:\\/\\/example.com\\/cat.png")]
    [InlineData("https://1.1.1.1/x")]
    [InlineData("DATA:image/gif;base64,R0lGODlh")]
    [InlineData("https://b\\u00fccher.example/")]
    public void Public_images_pass_and_count_once(string url)
    {
        foreach (var (wire, body) in Images(url))
        {
            Assert.Equal(1, Read(wire, body).MediaParts);
        }
    }

    [Theory]
    [InlineData(nameof(Wire.Messages), """{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"fetch","input":{"url":"http://localhost/","image_url":"http://localhost/"}}]}]}""")]
    [InlineData(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"t","function":{"name":"fetch","arguments":"{\"url\":\"http://localhost/\"}"}}]}],"tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"image_url":{"default":"http://localhost"}}}}}]}""")]
    [InlineData(nameof(Wire.Responses), """{"model":"m","input":[{"type":"web_search_call","action":{"type":"open_page","url":"http://localhost/"}},{"role":"user","content":"see http://localhost/"}]}""")]
    public void Addresses_that_no_provider_fetches_are_nobodys_business(string wire, string body)
    {
        Assert.Equal(0, Read(wire, body).MediaParts);
    }

    [Fact]
    public void The_model_of_the_path_stands_in_for_that_of_the_body()
    {
        var body = """{"messages":[{"role":"user","content":"x"}]}"""u8.ToArray();
        Assert.Equal("deployed", ModelRequestReader.Read(Wire.Chat, body, "deployed").Request!.Model);
    }

    private static IEnumerable<(string Wire, string Body)> Images(string url) =>
    [
        (nameof(Wire.Chat), $$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}"""),
        (nameof(Wire.Chat), $$"""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"{{url}}"}]}]}"""),
        (nameof(Wire.Messages), $$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":{"url":"{{{url}}}","type":"url"}}]}]}"""),
        (nameof(Wire.Messages), $$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"url","url":"{{{url}}}"}}]}]}]}"""),
        (nameof(Wire.Responses), $$"""{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"{{url}}"}]}]}"""),
        (nameof(Wire.Responses), $$"""{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_file","file_url":"{{url}}"}]}]}"""),
    ];

    private static string Document(string source) =>
        $$"""{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"document","source":{{source}}}]}]}""";

    private static ModelReading Reading(string wire, string body) => ModelRequestReader.Read(Enum.Parse<Wire>(wire), Encoding.UTF8.GetBytes(body), null);

    private static ModelRequest Read(string wire, string body)
    {
        var reading = Reading(wire, body);
        Assert.True(reading.Request is not null, reading.Refusal?.Message);
        return reading.Request;
    }
}
