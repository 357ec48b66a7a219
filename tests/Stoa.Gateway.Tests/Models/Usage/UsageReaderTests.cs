using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.Tests.Models.Usage;

/// <summary>Payloads as the providers document them, written out by hand.</summary>
public sealed class UsageReaderTests
{
    // Anthropic's own example: who sends `context_management` makes a summary be written that the totals beside it leave out.
    [Theory]
    [InlineData("'input_tokens':23000,'output_tokens':1000,'iterations':[{'type':'compaction','input_tokens':180000,'output_tokens':3500},{'type':'message','input_tokens':23000,'output_tokens':1000}]", 203_000, 4500, 0)]
    [InlineData("'iterations':[{'input_tokens':7,'cache_creation':{'x':1},'cache_read_input_tokens':5,'output_tokens':2,'type':'compaction'},3,null],'output_tokens':1,'input_tokens':10", 22, 3, 5)]
    [InlineData("'input_tokens':10,'output_tokens':1,'iterations':[{'type':'compaction','input_tokens':-5,'output_tokens':1e30},{'input_tokens':4}]", 10, 1, 0)]
    [InlineData("'input_tokens':10,'output_tokens':1,'iterations':null", 10, 1, 0)]
    public void What_a_provider_did_beside_the_answer_is_used_too(string usage, long input, long output, long cached)
    {
        var whole = UsageReader.OfAnswer(Wire.Messages, Encoding.UTF8.GetBytes($"{{\"content\":[],\"usage\":{{{usage.Replace('\'', '"')}}}}}"));

        Assert.Equal((input, output, cached), (whole!.Value.Input, whole.Value.Output, whole.Value.CacheRead));
    }

    [Fact]
    public void What_a_translated_answer_tells_is_what_is_charged()
    {
        // DeepSeek's name for what its cache held.
        const string Answer = """{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":90,"completion_tokens":7,"prompt_cache_hit_tokens":64}}""";

        var (told, _) = Translation.Given.Answer(Answer, Wire.Chat, Wire.Messages);

        var charged = UsageReader.OfAnswer(Wire.Chat, Encoding.UTF8.GetBytes(Answer));
        Assert.Equal(64, charged!.Value.CacheRead);
        Assert.Equal(charged, UsageReader.OfAnswer(Wire.Messages, Encoding.UTF8.GetBytes(told)));
    }

    [Fact]
    public void OpenAI_and_Azure_report_cached_audio_and_reasoning_within_their_wholes() => Equal(
        new TokenUsage(2006, 300) { CacheRead = 1920, Reasoning = 192, AudioInput = 4, AudioOutput = 8 },
        Wire.Chat,
        """
        {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"\"usage\":{\"prompt_tokens\":1}"}}],
         "usage":{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":4},
         "completion_tokens_details":{"reasoning_tokens":192,"audio_tokens":8,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
        """);

    [Fact]
    public void Mistral_reports_the_plain_three() => Equal(
        new TokenUsage(16, 34),
        Wire.Chat,
        """{"id":"c","object":"chat.completion","model":"mistral-small-latest","usage":{"prompt_tokens":16,"total_tokens":50,"completion_tokens":34},"choices":[{}]}""");

    [Fact]
    public void DeepSeek_reports_cache_hits_beside_misses() => Equal(
        new TokenUsage(100, 40) { CacheRead = 64, Reasoning = 12 },
        Wire.Chat,
        """
        {"choices":[{}],"usage":{"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36,
         "completion_tokens_details":{"reasoning_tokens":12}}}
        """);

    [Fact]
    public void Reasoning_that_only_the_total_holds_is_output_too() => Equal(
        new TokenUsage(32, 109) { Reasoning = 100 },
        Wire.Chat,
        """{"choices":[{}],"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":141,"completion_tokens_details":{"reasoning_tokens":100}}}""");

    [Fact]
    public void Responses_have_names_of_their_own() => Equal(
        new TokenUsage(36, 87) { CacheRead = 12, Reasoning = 64 },
        Wire.Responses,
        """
        {"id":"resp_1","object":"response","status":"completed","error":null,"output":[],
         "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":12},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}}
        """);

    [Fact]
    public void Anthropic_counts_cached_input_beside_its_input() => Equal(
        new TokenUsage(21 + 188_086 + 556, 393) { CacheRead = 188_086, CacheWrite = 556, CacheWriteHour = 100 },
        Wire.Messages,
        """
        {"id":"msg_1","type":"message","content":[{"type":"text","text":"hi"}],"usage":{"input_tokens":21,"cache_creation_input_tokens":556,"cache_read_input_tokens":188086,
         "cache_creation":{"ephemeral_5m_input_tokens":456,"ephemeral_1h_input_tokens":100},"output_tokens":393,"service_tier":"standard"}}
        """);

    [Fact]
    public void Gemini_counts_thoughts_beside_candidates_and_tools_beside_the_prompt() => Equal(
        new TokenUsage(250 + 30, 20 + 55) { CacheRead = 128, Reasoning = 55, AudioInput = 7 },
        Wire.Gemini,
        """
        {"candidates":[{"content":{"parts":[{"text":"x"}]}}],"usageMetadata":{"promptTokenCount":250,"cachedContentTokenCount":128,"candidatesTokenCount":20,"thoughtsTokenCount":55,
         "toolUsePromptTokenCount":30,"totalTokenCount":355,"promptTokensDetails":[{"modality":"TEXT","tokenCount":243},{"tokenCount":7,"modality":"AUDIO"}]}}
        """);

    [Fact]
    public void Gemini_leaves_out_what_is_zero() =>
        Equal(new TokenUsage(5, 0), Wire.Gemini, """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}""");

    [Fact]
    public void Embeddings_have_input_only() =>
        Equal(new TokenUsage(8, 0), Wire.Embeddings, """{"object":"list","data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}""");

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":-5,"completion_tokens":5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":"5","completion_tokens":5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":1e300,"completion_tokens":5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":99999999999999999999999,"completion_tokens":5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":1.5,"completion_tokens":5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":[1],"completion_tokens":{"a":5}}}""")]
    [InlineData("""{"usage":{"completion_tokens":5}}""")]
    [InlineData("""{"usage":{}}""")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":"none"}""")]
    [InlineData("""{"choices":[{"usage":{"prompt_tokens":1,"completion_tokens":1}}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":1""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("")]
    public void Figures_that_make_no_sense_are_no_figures(string answer) => Assert.Null(UsageReader.OfAnswer(Wire.Chat, Encoding.UTF8.GetBytes(answer)));

    [Fact]
    public void Parts_never_exceed_their_wholes() => Equal(
        new TokenUsage(10, 5) { CacheRead = 10, Reasoning = 5 },
        Wire.Chat,
        """{"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":500},"completion_tokens_details":{"reasoning_tokens":999,"audio_tokens":-1}}}""");

    [Fact]
    public void The_events_of_Anthropic_add_up()
    {
        var counts = new UsageCounts();
        Assert.True(UsageReader.Read(Wire.Messages, """{"type":"message_start","message":{"id":"m","usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}}"""u8, ref counts));
        Assert.False(counts.IsFinal);
        Assert.False(UsageReader.Read(Wire.Messages, """{"type":"ping"}"""u8, ref counts));
        Assert.True(UsageReader.Read(Wire.Messages, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}"""u8, ref counts));
        Assert.True(counts.IsFinal);
        Assert.Equal(new TokenUsage(30, 15) { CacheRead = 5 }, counts.ToUsage(Wire.Messages));
    }

    private static void Equal(TokenUsage expected, Wire wire, string answer)
    {
        var usage = UsageReader.OfAnswer(wire, Encoding.UTF8.GetBytes(answer));
        Assert.Equal(expected, usage);
    }
}
