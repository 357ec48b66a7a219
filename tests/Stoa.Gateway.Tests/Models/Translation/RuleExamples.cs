using Stoa.Gateway.Models;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>For every field that a rule speaks of, a request that asks for it and for nothing else.</summary>
internal static class RuleExamples
{
    public static Dictionary<(Wire, string), string> All { get; } = Chat().Concat(Messages()).Concat(Responses()).ToDictionary(e => (e.Wire, e.Path), e => e.Json);

    public static string Plain(Wire wire) => wire switch
    {
        Wire.Messages => """{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"Hi"}],"stream":true,"service_tier":"auto"}""",
        Wire.Responses => """{"model":"m","input":"Hi","instructions":"Be kind.","stream":true,"store":false,"truncation":"disabled","service_tier":"auto","metadata":{}}""",
        _ => """{"model":"m","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}],"stream":true,"n":1,"store":false,"logprobs":false,"stream_options":{"include_usage":true},"tools":null}""",
    };

    private static IEnumerable<(Wire Wire, string Path, string Json)> Chat()
    {
        const string User = """{"role":"user","content":"Hi"}""";
        (string, string)[] messages =
        [
            ("messages[].role", User + """,{"role":"assistant","content":"Ho"},{"role":"developer","content":"x"},{"role":"user","content":"Hi"}"""),
            ("messages[-1]", User + """,{"role":"assistant","content":"x"}"""),
            ("messages[].name", """{"role":"user","name":"a","content":"Hi"}"""),
            ("messages[].reasoning_content", User + """,{"role":"assistant","reasoning_content":"r","content":"x"},{"role":"user","content":"Hi"}"""),
            ("messages[].audio", User + """,{"role":"assistant","audio":{"id":"a"}},{"role":"user","content":"Hi"}"""),
            ("messages[].function_call", User + """,{"role":"function","name":"f","content":"x"}"""),
            ("messages[].content[].image_url.detail", """{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/x.png","detail":"high"}}]}"""),
            ("messages[].content[].input_audio", """{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}]}"""),
            ("messages[].content[].file", """{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA"}}]}"""),
            ("messages[].content[].file.file_id", """{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}"""),
            ("messages[].content[].type", """{"role":"user","content":[{"type":"video_url","video_url":{"url":"x"}}]}"""),
            ("messages[].tool_calls[].type", User + """,{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{"name":"n","input":"x"}}]},{"role":"user","content":"Hi"}"""),
        ];
        (string, string)[] members =
        [
            ("tools[].type", "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"n\"}}]"),
            ("tools[].function.strict", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"n\",\"strict\":true}}]"),
            ("tool_choice", "\"tool_choice\":{\"type\":\"custom\",\"custom\":{\"name\":\"n\"}}"),
            ("functions", "\"functions\":[]"), ("function_call", "\"function_call\":\"auto\""),
            ("parallel_tool_calls", "\"parallel_tool_calls\":false"), ("web_search_options", "\"web_search_options\":{}"),
            ("n", "\"n\":2"), ("logprobs", "\"logprobs\":true"), ("top_logprobs", "\"top_logprobs\":2"),
            ("modalities", "\"modalities\":[\"text\",\"audio\"]"), ("audio", "\"audio\":{\"voice\":\"alloy\",\"format\":\"wav\"}"),
            ("response_format", "\"response_format\":{\"type\":\"json_object\"}"), ("reasoning_effort", "\"reasoning_effort\":\"low\""),
            ("verbosity", "\"verbosity\":\"low\""), ("temperature", "\"temperature\":0.5"), ("top_p", "\"top_p\":0.5"), ("top_k", "\"top_k\":5"),
            ("seed", "\"seed\":1"), ("presence_penalty", "\"presence_penalty\":0.1"), ("frequency_penalty", "\"frequency_penalty\":-1"),
            ("logit_bias", "\"logit_bias\":{}"), ("prediction", "\"prediction\":{}"), ("store", "\"store\":true"), ("user", "\"user\":\"u\""),
            ("metadata", "\"metadata\":{\"a\":\"b\"}"), ("safety_identifier", "\"safety_identifier\":\"s\""), ("prompt_cache_key", "\"prompt_cache_key\":\"k\""),
            ("prompt_cache_options", "\"prompt_cache_options\":{}"), ("prompt_cache_retention", "\"prompt_cache_retention\":\"24h\""),
            ("service_tier", "\"service_tier\":\"flex\""), ("moderation", "\"moderation\":{}"),
        ];
        return messages.Select(m => (Wire.Chat, m.Item1, $$"""{"model":"m","messages":[{{m.Item2}}]}"""))
            .Concat(members.Select(m => (Wire.Chat, m.Item1, $$"""{"model":"m","messages":[{{User}}],{{m.Item2}}}""")));
    }

    private static IEnumerable<(Wire Wire, string Path, string Json)> Messages()
    {
        (string, string)[] blocks =
        [
            ("messages[].content[].thinking", ""), ("messages[].role", ""), ("messages[-1]", ""),
            ("cache_control", """{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}"""),
            ("messages[].content[].citations", """{"type":"document","citations":{"enabled":true},"source":{"type":"text","media_type":"text/plain","data":"x"}}"""),
            ("messages[].content[].transformations", """{"type":"image","transformations":{},"source":{"type":"url","url":"https://example.com/x.png"}}"""),
            ("messages[].content[].source", """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}"""),
            ("messages[].content[].source.url", """{"type":"document","source":{"type":"url","url":"https://example.com/x.pdf"}}"""),
            ("messages[].content[].source.content", """{"type":"document","source":{"type":"content","content":"x"}}"""),
            ("messages[].content[].source.file_id", """{"type":"image","source":{"type":"file","file_id":"f"}}"""),
            ("messages[].content[].type", """{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"""),
            ("messages[].content[].is_error", """{"type":"tool_result","tool_use_id":"t","is_error":true,"content":"x"}"""),
        ];
        (string, string)[] members =
        [
            ("tools[].type", "\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]"),
            ("tools[].allowed_callers", Tool("\"allowed_callers\":[\"code_execution_20250825\"]")), ("tools[].strict", Tool("\"strict\":true")),
            ("tools[].defer_loading", Tool("\"defer_loading\":true")), ("tools[].input_examples", Tool("\"input_examples\":[{}]")),
            ("tool_choice.disable_parallel_tool_use", "\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"),
            ("thinking", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}"), ("output_config.effort", "\"output_config\":{\"effort\":\"low\"}"),
            ("thinking.display", "\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}"), ("temperature", "\"temperature\":0.5"),
            ("top_p", "\"top_p\":0.5"), ("top_k", "\"top_k\":5"), ("metadata.user_id", "\"metadata\":{\"user_id\":\"u\"}"),
            ("service_tier", "\"service_tier\":\"standard_only\""), ("speed", "\"speed\":\"fast\""), ("context_management", "\"context_management\":{}"),
            ("container", "\"container\":\"c\""), ("mcp_servers", "\"mcp_servers\":[{}]"), ("inference_geo", "\"inference_geo\":\"us\""),
            ("diagnostics", "\"diagnostics\":{}"),
        ];
        foreach (var (path, block) in blocks)
        {
            var messages = path switch
            {
                "messages[].role" => """{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"},{"role":"system","content":"x"},{"role":"user","content":"Hi"}""",
                "messages[-1]" => """{"role":"user","content":"Hi"},{"role":"assistant","content":"x"}""",
                "messages[].content[].thinking" => """{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"x"}]},{"role":"user","content":"Hi"}""",
                _ => $$"""{"role":"user","content":[{{block}}]}""",
            };
            yield return (Wire.Messages, path, $$"""{"model":"m","max_tokens":10,"messages":[{{messages}}]}""");
        }

        foreach (var (path, member) in members)
        {
            yield return (Wire.Messages, path, $$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"Hi"}],{{member}}}""");
        }

        static string Tool(string member) => $$"""
            "tools":[{"name":"n","input_schema":{"type":"object"},{{member}}}]
            """;
    }

    private static IEnumerable<(Wire Wire, string Path, string Json)> Responses()
    {
        const string User = """{"role":"user","content":"Hi"}""";
        (string, string)[] items =
        [
            ("input[].role", User + """,{"role":"assistant","content":"Ho"},{"role":"system","content":"x"},{"role":"user","content":"Hi"}"""),
            ("input[-1]", User + """,{"role":"assistant","content":"x"}"""),
            ("input[].encrypted_content", User + """,{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":"e"},{"role":"assistant","content":"x"},{"role":"user","content":"Hi"}"""),
            ("input[].content[].detail", """{"role":"user","content":[{"type":"input_image","image_url":"https://example.com/x.png","detail":"high"}]}"""),
            ("input[].content[].input_audio", """{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}]}"""),
            ("input[].content[].file_data", """{"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,AAAA"}]}"""),
            ("input[].content[].file_url", """{"role":"user","content":[{"type":"input_file","file_url":"https://example.com/x.pdf"}]}"""),
            ("input[].content[].file_id", """{"role":"user","content":[{"type":"input_image","file_id":"f"}]}"""),
            ("input[].content[].type", """{"role":"user","content":[{"type":"input_video"}]}"""),
            ("input[].id", User + """,{"type":"item_reference","id":"msg_1"}"""),
            ("input[].type", User + """,{"type":"web_search_call","id":"w"}"""),
        ];
        (string, string)[] members =
        [
            ("tools[].type", "\"tools\":[{\"type\":\"web_search\"}]"), ("tools[].format", "\"tools\":[{\"type\":\"custom\",\"name\":\"n\"}]"),
            ("tools[].strict", "\"tools\":[{\"type\":\"function\",\"name\":\"n\",\"parameters\":{\"type\":\"object\"},\"strict\":true}]"),
            ("tools[].defer_loading", "\"tools\":[{\"type\":\"function\",\"name\":\"n\",\"defer_loading\":true}]"),
            ("tools[].allowed_callers", "\"tools\":[{\"type\":\"function\",\"name\":\"n\",\"allowed_callers\":[\"programmatic\"]}]"),
            ("tool_choice", "\"tool_choice\":{\"type\":\"mcp\",\"server_label\":\"s\"}"), ("parallel_tool_calls", "\"parallel_tool_calls\":false"),
            ("max_tool_calls", "\"max_tool_calls\":3"), ("text.format", "\"text\":{\"format\":{\"type\":\"json_object\"}}"), ("text.verbosity", "\"text\":{\"verbosity\":\"low\"}"),
            ("reasoning.effort", "\"reasoning\":{\"effort\":\"low\"}"), ("reasoning.summary", "\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}"),
            ("include", "\"include\":[\"message.output_text.logprobs\"]"), ("top_logprobs", "\"top_logprobs\":2"), ("temperature", "\"temperature\":0.5"),
            ("top_p", "\"top_p\":0.5"), ("store", "\"store\":true"), ("previous_response_id", "\"previous_response_id\":\"r\""), ("conversation", "\"conversation\":\"c\""),
            ("prompt", "\"prompt\":{\"id\":\"p\"}"), ("background", "\"background\":true"), ("truncation", "\"truncation\":\"auto\""),
            ("context_management", "\"context_management\":[]"), ("user", "\"user\":\"u\""), ("metadata", "\"metadata\":{\"a\":\"b\"}"),
            ("safety_identifier", "\"safety_identifier\":\"s\""), ("prompt_cache_key", "\"prompt_cache_key\":\"k\""), ("prompt_cache_options", "\"prompt_cache_options\":{}"),
            ("prompt_cache_retention", "\"prompt_cache_retention\":\"24h\""), ("service_tier", "\"service_tier\":\"flex\""), ("moderation", "\"moderation\":{}"),
        ];
        return items.Select(m => (Wire.Responses, m.Item1, $$"""{"model":"m","input":[{{m.Item2}}]}"""))
            .Concat(members.Select(m => (Wire.Responses, m.Item1, $$"""{"model":"m","input":[{{User}}],{{m.Item2}}}""")));
    }
}
