using System.Buffers;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Translation;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Input that nobody sends by mistake: a refusal or a complaint, never an exception.</summary>
public sealed class HostileTests
{
    private static readonly string[] Values = ["null", "true", "1", "-1e400", "\"x\"", "\"\"", "[]", "{}", "[null]", "[[]]", "[{}]", "[{\"type\":1}]", "{\"type\":\"x\"}", "[\"x\"]", "[{\"role\":\"user\",\"content\":[{}]}]"];

    public static TheoryData<string> Bodies =>
    [
        "", "[]", "null", "{", "{}", "{\"messages\":[]}", "{\"messages\":{}}", "{\"messages\":[null]}", "{\"messages\":[{\"role\":\"user\",\"content\":5}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", "{\"input\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}",
        new string('[', 10_000), "{\"a\":" + new string('[', 100) + new string(']', 100) + "}",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_that_is_no_request_is_refused(string body)
    {
        foreach (var (from, to) in TranslationRules.Directions)
        {
            var (_, refusal, _) = Given.Request(body, from, to);
            Assert.True(refusal?.Kind is RefusalKind.MalformedBody or RefusalKind.MalformedRequest, $"{from} to {to}: {refusal}");
        }

        foreach (var from in (Wire[])[Wire.Chat, Wire.Messages, Wire.Gemini])
        {
            Assert.NotNull(Given.Answer(body, from, Wire.Responses).Complaint);
        }
    }

    [Theory]
    [InlineData("Chat", "\"temperature\":\"hot\"", "'temperature' must be a number.")]
    [InlineData("Chat", "\"seed\":[]", "'seed' must be a number.")]
    [InlineData("Chat", "\"stop\":5", "'stop' must be a string or an array of strings.")]
    [InlineData("Chat", "\"stop\":[\"x\",5]", "'stop' must be a string or an array of strings.")]
    [InlineData("Chat", "\"parallel_tool_calls\":\"no\"", "'parallel_tool_calls' must be true or false.")]
    [InlineData("Chat", "\"modalities\":\"audio\"", "'modalities' must be an array.")]
    [InlineData("Messages", "\"stop_sequences\":[5]", "'stop_sequences' must be an array of strings.")]
    [InlineData("Messages", "\"top_k\":\"many\"", "'top_k' must be a number.")]
    [InlineData("Responses", "\"top_p\":true", "'top_p' must be a number.")]
    [InlineData("Responses", "\"instructions\":[]", "'instructions' must be a string.")]
    public void What_would_be_dropped_for_its_type_is_refused(string wire, string member, string complaint)
    {
        var from = Enum.Parse<Wire>(wire);
        var rest = from is Wire.Responses ? "\"input\":\"Hi\"" : "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
        foreach (var (_, to) in TranslationRules.Directions.Where(d => d.From == from))
        {
            Assert.Equal((RefusalKind.MalformedRequest, complaint), Given.Request($"{{{rest},{member}}}", from, to).Refusal is { } refusal ? (refusal.Kind, refusal.Message) : default);
        }
    }

    [Theory]
    [InlineData("user")]
    [InlineData("system")]
    public void Who_says_nothing_is_refused(string role)
    {
        foreach (var content in (string[])["", ",\"content\":null"])
        {
            var refusal = Given.Request($"{{\"messages\":[{{\"role\":\"{role}\"{content}}}]}}", Wire.Chat, Wire.Messages).Refusal;
            Assert.Equal("'messages[].content' must be a string or an array of parts.", refusal?.Message);
        }
    }

    // Calls, results and thoughts have their sides; the others have no place for them.
    [Fact]
    public void Content_of_any_kind_on_any_side_is_taken_or_refused()
    {
        string[] media = ["'data':'AAAA','media_type':'image/png','type':'base64'", "'data':'AAAA','media_type':'application/pdf','type':'base64'", "'data':'x','media_type':'text/plain','type':'text'", "'url':'https://example.com/a','type':'url'"];
        string[] parts =
        [
            "{'type':'text','text':'x'}", "{'type':'input_text','text':'x'}", "{'type':'output_text','text':'x'}", "{'type':'refusal','refusal':'x'}",
            "{'type':'tool_use','id':'a','name':'f','input':{}}", "{'type':'tool_result','tool_use_id':'a','content':'x'}", "{'type':'thinking','thinking':'x','signature':'gemini:y'}",
            "{'type':'thinking','thinking':'x','signature':'y'}", "{'type':'thinking','thinking':[{'type':'text','text':'x'}]}", "{'type':'redacted_thinking','data':'x'}",
            "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}", "{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}",
            "{'type':'input_image','image_url':'https://example.com/a'}", "{'type':'input_audio','input_audio':{'data':'AAAA','format':'wav'}}", "{'type':'input_file','file_url':'https://example.com/a.pdf'}",
            "{'type':'input_file','file_data':'data:application/pdf;base64,AAAA'}", "{'type':'file','file':{'file_data':'data:text/plain;base64,AAAA'}}",
            .. media.Select(m => "{'type':'image','source':{" + m + "}}"), .. media.Select(m => "{'type':'document','source':{" + m + "}}"),
            .. media.Select(m => "{'type':'tool_result','tool_use_id':'a','content':[{'type':'document','source':{" + m + "}}]}"),
        ];
        foreach (var (from, to) in TranslationRules.Directions)
        {
            foreach (var role in (string[])["user", "assistant", "system", "developer", "tool"])
            {
                foreach (var part in parts)
                {
                    var turns = $$"""[{'role':'user','content':'Hi'},{'role':'{{role}}','tool_call_id':'a','content':[{{part}}]},{'role':'user','content':'Go on'}]""";
                    var body = $$"""{"{{(from is Wire.Responses ? "input" : "messages")}}":{{turns.Replace('\'', '"')}},"max_tokens":9}""";
                    var (written, refusal, _) = Given.Request(body, from, to);
                    Assert.True(refusal is not null || written.EndsWith('}'), $"{from} to {to}: {body}");
                }
            }
        }
    }

    [Fact]
    public void A_member_of_any_type_is_taken_or_refused()
    {
        foreach (var (from, to) in TranslationRules.Directions)
        {
            string[] members =
            [
                "messages", "input", "instructions", "system", "tools", "tool_choice", "parallel_tool_calls", "response_format", "text", "reasoning", "thinking",
                "output_config", "max_tokens", "max_output_tokens", "stop", "stop_sequences", "n", "metadata", "include", "modalities", "reasoning_effort", "temperature",
            ];
            foreach (var member in members)
            {
                foreach (var value in Values)
                {
                    var rest = from is Wire.Responses ? "\"input\":\"Hi\"" : "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
                    var (body, refusal, _) = Given.Request($"{{{rest},\"{member}\":{value}}}", from, to);
                    Assert.True(refusal is not null || body.EndsWith('}'), $"{from} {member} {value}");
                }
            }
        }
    }

    [Theory]
    [InlineData(nameof(Wire.Responses), "text", true)]
    [InlineData(nameof(Wire.Responses), "thoughtSignature", true)]
    [InlineData(nameof(Wire.Chat), "text", false)]
    public void A_stream_that_never_ends_is_not_kept_without_end(string to, string member, bool ends)
    {
        var translation = new StreamTranslation(Wire.Gemini, Enum.Parse<Wire>(to), Given.Terms, wantsUsage: false, estimatedInput: 1);
        var thought = member is "text" ? "" : "\"thought\":true,";
        var piece = Encoding.UTF8.GetBytes($"{{\"candidates\":[{{\"content\":{{\"parts\":[{{{thought}\"{member}\":\"{new string('x', 100_000)}\"}}]}}}}]}}");
        var (pieces, isTaken) = (0, true);
        while (isTaken && pieces++ < 100)
        {
            isTaken = translation.TryWrite(piece, new ArrayBufferWriter<byte>(), out _);
        }

        Assert.Equal(ends, !isTaken);
        Assert.InRange(pieces, 30, 101);
    }

    // As a set, or a request of many tools and many allowed ones takes minutes.
    [Fact]
    public void Tools_that_are_allowed_twice_are_allowed()
    {
        const string Allowed = """{"type":"function","function":{"name":"f"}}""";
        var (body, _, _) = Given.Request(
            $$$"""{"messages":[{"role":"user","content":"Hi"}],"tools":[{{{Allowed}}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"tools":[{{{Allowed}}},{{{Allowed}}}],"mode":"auto"} } }""", Wire.Chat, Wire.Gemini);
        Assert.Contains("\"allowedFunctionNames\":[\"f\"]", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_unknown_members_fit_a_header_and_are_few()
    {
        var members = string.Concat(Enumerable.Range(0, 1000).Select(i => $",\"x{i}\\r\\nSet-Cookie: {new string('é', 200)}\":1"));
        var (_, refusal, losses) = Given.Request($"{{\"messages\":[{{\"role\":\"user\",\"content\":\"Hi\"}}]{members}}}", Wire.Chat, Wire.Messages);

        Assert.Null(refusal);
        Assert.InRange(losses.Count, 1, 16);
        Assert.All(losses, l => Assert.True(l.Length <= 80 && l.All(c => c is > ' ' and < '\x7f'), l));
    }

    [Fact]
    public void A_megabyte_of_text_comes_out_as_it_went_in()
    {
        var text = string.Concat(Enumerable.Repeat("grüezi \\\"mitenand\\\" 😀\\n", 40_000));
        var expected = JsonSerializer.Deserialize<string>($"\"{text}\"");
        foreach (var (from, to) in TranslationRules.Directions)
        {
            var json = from is Wire.Responses ? $"{{\"input\":\"{text}\"}}" : $"{{\"messages\":[{{\"role\":\"user\",\"content\":\"{text}\"}}]}}";
            var (body, refusal, _) = Given.Request(json, from, to);
            Assert.Null(refusal);
            using var request = JsonDocument.Parse(body);
            Assert.Contains(Strings(request.RootElement), s => s == expected);
        }
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        byte[] body = [.. "{\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];

        Assert.Equal(RefusalKind.MalformedBody, Given.Request(body, Wire.Chat, Wire.Messages).Refusal?.Kind);
        Assert.NotNull(Given.Answer(body, Wire.Chat, Wire.Messages).Complaint);
    }

    [Theory]
    [InlineData("Chat", "{\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\"}}")]
    [InlineData("Messages", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}")]
    [InlineData("Gemini", "{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}")]
    public void An_error_inside_a_stream_or_an_answer_is_a_complaint_that_says_it(string wire, string json)
    {
        var from = Enum.Parse<Wire>(wire);

        Assert.Contains("Overloaded", Given.Stream($"data: {json}\n\n", from, Wire.Responses).Complaint, StringComparison.Ordinal);
        Assert.Contains("Overloaded", Given.Answer(Encoding.UTF8.GetBytes(json), from, Wire.Responses).Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("Messages")]
    [InlineData("Gemini")]
    public void An_event_of_another_wire_is_a_complaint(string wire) =>
        Assert.NotNull(Given.Stream("data: {\"hello\":1}\n\n", Enum.Parse<Wire>(wire), Wire.Responses).Complaint);

    [Fact]
    public void Pieces_of_a_call_after_another_has_begun_are_a_complaint()
    {
        const string Call = """data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":IDX,"id":"IDX","function":{"name":"f","arguments":"{"}}]}}]}""";
        const string More = """data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}""";
        var stream = $"{Call.Replace("IDX", "0", StringComparison.Ordinal)}\n\n{Call.Replace("IDX", "1", StringComparison.Ordinal)}\n\n{More}\n\n";

        Assert.NotNull(Given.Stream(stream, Wire.Chat, Wire.Messages).Complaint);
    }

    private static IEnumerable<string?> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => Strings(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        _ => [],
    };
}
