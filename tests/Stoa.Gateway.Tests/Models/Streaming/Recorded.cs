using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.Tests.Models.Streaming;

/// <summary>Streams in each provider's documented format, written out by hand, and what they used.</summary>
internal sealed record Recorded(Wire Wire, string Text, TokenUsage Usage)
{
    public const string ChatUsage =
        """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}


        """;

    public const string Done = "data: [DONE]\n\n";

    public static Recorded Chat { get; } = new(
        Wire.Chat,
        """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5","choices":[{"index":0,"delta":{"content":"Hé \"quoted\" 東京 \ud83d\ude00"},"finish_reason":null}],"usage":null}

        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"usage\":"}}]},"finish_reason":null}],"usage":null}

        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}


        """ + ChatUsage + Done,
        new(19, 10) { CacheRead = 4, Reasoning = 2 });

    public static Recorded Azure { get; } = new(
        Wire.Chat,
        """
        data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false}}}]}

        data: {"choices":[{"delta":{"content":"Hi"},"index":0,"content_filter_results":{}}],"created":1700000000,"id":"chatcmpl-2","model":"gpt-4o","object":"chat.completion.chunk"}

        data: {"choices":[{"delta":{},"finish_reason":"stop","index":0}],"created":1700000000,"id":"chatcmpl-2","model":"gpt-4o","object":"chat.completion.chunk"}

        data: {"choices":[],"id":"chatcmpl-2","usage":{"prompt_tokens":7,"completion_tokens":1,"total_tokens":8}}


        """ + Done,
        new(7, 1));

    public static Recorded Mistral { get; } = new(
        Wire.Chat,
        """
        data: {"id": "m1", "object": "chat.completion.chunk", "created": 1700000000, "model": "mistral-small-latest", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]}

        data: {"id": "m1", "object": "chat.completion.chunk", "created": 1700000000, "model": "mistral-small-latest", "choices": [{"index": 0, "delta": {"content": "Bonjour"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 4, "total_tokens": 7, "completion_tokens": 3}}


        """ + Done,
        new(4, 3));

    public static Recorded Messages { get; } = new(
        Wire.Messages,
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_read_input_tokens":100,"cache_creation_input_tokens":10,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\": 1}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15}}

        event: message_stop
        data: {"type":"message_stop"}


        """,
        new(135, 15) { CacheRead = 100, CacheWrite = 10 });

    public static Recorded Responses { get; } = new(
        Wire.Responses,
        """
        event: response.created
        data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1700000000,"status":"in_progress","error":null,"model":"gpt-5","output":[],"usage":null}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello there"}

        event: response.output_text.done
        data: {"type":"response.output_text.done","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hello there"}

        event: response.completed
        data: {"type":"response.completed","sequence_number":3,"response":{"id":"resp_1","object":"response","created_at":1700000000,"status":"completed","error":null,"model":"gpt-5","output":[{"type":"message","content":[{"type":"output_text","text":"Hello there"}]}],"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":8},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}}}


        """,
        new(36, 87) { CacheRead = 8, Reasoning = 64 });

    public static Recorded Gemini { get; } = new(
        Wire.Gemini,
        """
        data: {"candidates": [{"content": {"parts": [{"text": "Hello"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 4,"totalTokenCount": 4},"modelVersion": "gemini-2.5-flash","responseId": "r1"}

        data: {"candidates": [{"content": {"parts": [{"text": " there"}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 4,"candidatesTokenCount": 2,"totalTokenCount": 26,"thoughtsTokenCount": 20},"modelVersion": "gemini-2.5-flash","responseId": "r1"}


        """,
        new(4, 22) { Reasoning = 20 });

    public static Recorded Of(string name) => name switch
    {
        nameof(Chat) => Chat,
        nameof(Azure) => Azure,
        nameof(Mistral) => Mistral,
        nameof(Messages) => Messages,
        nameof(Responses) => Responses,
        nameof(Gemini) => Gemini,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
