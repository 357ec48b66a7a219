using System.Text.Json;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Translation.Messages;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Where providers of one wire, or generations of one provider, differ.</summary>
public sealed class DialectTests
{
    private const string Loop = """
        {"max_tokens":50,"stream":true,"top_k":5,"metadata":{"user_id":"u"},"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[
        {"role":"user","content":"Hi"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","id":"toolu_long_identifier","name":"f","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_long_identifier","content":"x"}]}]}
        """;

    [Fact]
    public void Mistral_gets_short_ids_and_no_field_it_refuses()
    {
        var (body, _, losses) = Given.Request(Loop, Wire.Messages, Wire.Chat, provider: ProviderType.Mistral, isStream: true);

        using var request = JsonDocument.Parse(body);
        var messages = request.RootElement.GetProperty("messages");
        var id = messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString();
        Assert.Matches("^[a-z0-9]{9}$", id);
        Assert.Equal(id, messages[2].GetProperty("tool_call_id").GetString());
        Assert.Equal(50, request.RootElement.GetProperty("max_tokens").GetInt32());
        Assert.False(request.RootElement.TryGetProperty("stream_options", out _));
        Assert.False(request.RootElement.TryGetProperty("user", out _));
        Assert.Equal(["messages[].content[].thinking", "metadata.user_id", "top_k"], losses.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Servers_of_open_models_see_reasoning_and_top_k()
    {
        var (body, _, losses) = Given.Request(Loop, Wire.Messages, Wire.Chat, provider: ProviderType.OpenAICompatible, isStream: true);

        Assert.Contains("\"reasoning_content\":\"t\"", body, StringComparison.Ordinal);
        Assert.Contains("\"top_k\":5", body, StringComparison.Ordinal);
        Assert.Contains("\"stream_options\":{\"include_usage\":true}", body, StringComparison.Ordinal);
        Assert.Empty(losses);
    }

    [Theory]
    [InlineData("claude-3-7-sonnet-20250219", 3, 7)]
    [InlineData("claude-sonnet-4-20250514", 4, 0)]
    [InlineData("claude-opus-4-5@20251101", 4, 5)]
    [InlineData("us.anthropic.claude-haiku-4-5-20251001-v1:0", 4, 5)]
    [InlineData("claude-opus-4-7", 4, 7)]
    [InlineData("claude-sonnet-5", 5, 0)]
    [InlineData("claude-3-opus-latest", 3, 0)]
    public void A_name_tells_the_generation(string model, int major, int minor) => Assert.Equal(new ClaudeGeneration(major, minor), ClaudeGeneration.Of(model));

    [Theory]
    [InlineData("claude-sonnet-4-5", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":10000}", "")]
    [InlineData("claude-opus-4-6", "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}", "")]
    [InlineData("my-own-deployment", "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}", "")]
    public void Effort_becomes_what_the_model_knows(string model, string expected, string lost)
    {
        const string Request = """{"reasoning_effort":"high","max_completion_tokens":20000,"messages":[{"role":"user","content":"Hi"}]}""";

        var (body, _, losses) = Given.Request(Request, Wire.Chat, Wire.Messages, model);

        Assert.Contains(expected, body, StringComparison.Ordinal);
        Assert.Equal(lost, string.Join(',', losses));
    }

    [Theory]
    [InlineData("claude-opus-4-6", 0.4, "\"temperature\":0.4", "")]
    [InlineData("claude-opus-4-6", 1.4, "\"temperature\":1", "temperature")]
    [InlineData("claude-opus-4-7", 0.4, null, "temperature")]
    public void Sampling_is_left_out_where_the_model_refuses_it(string model, double temperature, string? expected, string lost)
    {
        var (body, _, losses) = Given.Request($$"""{"temperature":{{temperature}},"messages":[{"role":"user","content":"Hi"}]}""", Wire.Chat, Wire.Messages, model);

        Assert.Equal(expected is not null, body.Contains("temperature", StringComparison.Ordinal));
        Assert.Contains(expected ?? "", body, StringComparison.Ordinal);
        Assert.Equal(lost, string.Join(',', losses));
    }

    [Fact]
    public void The_bound_that_is_set_wins_over_the_callers()
    {
        const string Request = """{"max_tokens":9999,"messages":[{"role":"user","content":"Hi"}]}""";

        Assert.Contains("\"max_tokens\":64", Given.Request(Request, Wire.Chat, Wire.Messages, max: 64).Body, StringComparison.Ordinal);
        Assert.Contains("\"max_tokens\":9999", Given.Request(Request, Wire.Chat, Wire.Messages).Body, StringComparison.Ordinal);
        Assert.Contains("\"maxOutputTokens\":64", Given.Request(Request, Wire.Chat, Wire.Gemini, max: 64).Body, StringComparison.Ordinal);
        Assert.Contains("\"max_completion_tokens\":64", Given.Request(Request, Wire.Messages, Wire.Chat, max: 64).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "\"thinkingConfig\":{\"thinkingBudget\":1024}")]
    [InlineData("gemini-3-pro", "\"thinkingConfig\":{\"thinkingLevel\":\"MINIMAL\"}")]
    public void Gemini_thinks_by_budget_or_by_level(string model, string expected) =>
        Assert.Contains(
            expected,
            Given.Request("""{"reasoning_effort":"minimal","messages":[{"role":"user","content":"Hi"}]}""", Wire.Chat, Wire.Gemini, model).Body,
            StringComparison.Ordinal);
}
