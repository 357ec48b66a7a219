using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.LlmProxy;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.Tests.LlmProxy;

public class ErrorReplyTests
{
    [Fact]
    public async Task OpenAIs_shape_has_its_four_members_and_says_which_limit_was_met()
    {
        var (http, body) = await WriteAsync(ErrorShape.OpenAI, new(RefusalKind.QuotaExceeded, "Too many.")
        {
            RetryAfter = TimeSpan.FromMilliseconds(1500),
            Exceeded = new("consumer", "tokens_per_minute", 1000, null),
        });

        var error = body.GetProperty("error");
        Assert.Equal("Too many.", error.GetProperty("message").GetString());
        Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
        Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, error.GetProperty("param").ValueKind);
        Assert.Equal("tokens_per_minute", error.GetProperty("limit").GetString());
        Assert.Equal(("2", "1500"), (http.Response.Headers.RetryAfter.ToString(), http.Response.Headers["retry-after-ms"].ToString()));
        Assert.False(http.Response.Headers.ContainsKey("x-should-retry"));
    }

    [Fact]
    public async Task Anthropics_shape_names_the_request()
    {
        var (http, body) = await WriteAsync(ErrorShape.Anthropic, new(RefusalKind.UnknownModel, "Unknown model."));

        Assert.Equal(404, http.Response.StatusCode);
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal("not_found_error", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(http.Response.Headers["request-id"].ToString(), body.GetProperty("request_id").GetString());
        Assert.Equal("false", http.Response.Headers["x-should-retry"].ToString());
    }

    [Fact]
    public async Task Findings_are_told_behind_the_message()
    {
        var (_, body) = await WriteAsync(ErrorShape.OpenAI, new(RefusalKind.InvalidArguments, "Wrong.") { Findings = ["First.", "Second."] });

        Assert.Equal("Wrong. First. Second.", body.GetProperty("error").GetProperty("message").GetString());
    }

    // An SDK sleeps as long as it is told, without a word.
    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public async Task Nobody_is_made_to_sleep_for_more_than_a_minute(int seconds, bool isTold)
    {
        var (http, _) = await WriteAsync(ErrorShape.OpenAI, new(RefusalKind.QuotaExceeded, "Too many.") { RetryAfter = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(isTold, http.Response.Headers["x-should-retry"] == "false");
    }

    [Fact]
    public async Task What_alone_exceeds_a_limit_need_not_come_back()
    {
        var (http, _) = await WriteAsync(ErrorShape.OpenAI, new(RefusalKind.QuotaExceeded, "Send less in one call."));

        Assert.Equal("false", http.Response.Headers["x-should-retry"].ToString());
    }

    [Fact]
    public async Task A_failure_of_the_model_keeps_the_providers_parameter()
    {
        var http = NewContext();
        await ErrorReply.WriteAsync(http, ErrorShape.OpenAI, new ModelFailure(400, ModelFailureKind.RequestRefused, "Too long.") { Code = "context_length_exceeded", Param = "messages" });

        var error = (await ReadAsync(http)).GetProperty("error");
        Assert.Equal(("context_length_exceeded", "messages"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Equal("false", http.Response.Headers["x-should-retry"].ToString());
    }

    private static async Task<(HttpContext Http, JsonElement Body)> WriteAsync(ErrorShape shape, Refusal refusal)
    {
        var http = NewContext();
        await ErrorReply.WriteAsync(http, shape, refusal);
        return (http, await ReadAsync(http));
    }

    private static DefaultHttpContext NewContext() => new() { Response = { Body = new MemoryStream() }, TraceIdentifier = "trace" };

    private static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        await http.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return JsonElement.Parse(((MemoryStream)http.Response.Body).ToArray());
    }
}
