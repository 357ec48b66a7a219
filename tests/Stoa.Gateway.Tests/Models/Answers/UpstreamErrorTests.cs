using System.Text;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Answers;

namespace Stoa.Gateway.Tests.Models.Answers;

public sealed class UpstreamErrorTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(400, """{"error":{"message":"Bad value","type":"invalid_request_error","param":"messages.[0].role","code":"invalid_value"}}""", 400, "Bad value", "messages.[0].role", "invalid_value")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: Field required"},"request_id":"req_1"}""", 400, "max_tokens: Field required", null, "invalid_request_error")]
    [InlineData(400, """[{"error":{"code":400,"message":"Invalid JSON payload","status":"INVALID_ARGUMENT"}}]""", 400, "Invalid JSON payload", null, "400")]
    [InlineData(422, """{"detail":[{"type":"missing","loc":["body","messages",0],"msg":"Field required","input":{}}]}""", 422, "Field required", "messages.0", null)]
    [InlineData(422, """{"object":"error","message":{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]},"type":"invalid_request_error","code":null}""", 422, "Field required", "model", "invalid_request_error")]
    [InlineData(400, """{"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"}""", 400, "Invalid model: x", null, "1500")]
    [InlineData(413, "", 413, "The provider refused the request without saying why.", null, null)]
    [InlineData(400, """{"error":"model is required"}""", 400, "model is required", null, null)]
    public void What_is_about_the_request_is_passed_on(int status, string body, int expected, string message, string? param, string? code)
    {
        var failure = Read(status, body);
        Assert.Equal(ModelFailureKind.RequestRefused, failure.Kind);
        Assert.False(failure.IsPassing);
        Assert.Equal((expected, message, param, code), (failure.Status, failure.Message, failure.Param, failure.Code));
    }

    [Fact]
    public void A_model_that_the_provider_does_not_know_may_be_known_elsewhere()
    {
        var failure = Read(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}""");
        Assert.Equal((404, "DeploymentNotFound", true), (failure.Status, failure.Code, failure.IsPassing));
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided: sk-secret","code":"invalid_api_key"}}""")]
    [InlineData(403, """{"error":{"message":"Project secret-project lacks access"}}""")]
    [InlineData(402, """{"error":{"message":"Insufficient Balance of secret"}}""")]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota, secret","type":"insufficient_quota","code":"insufficient_quota"}}""")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low, secret"}}""")]
    [InlineData(400, """{"error":{"code":400,"message":"API key not valid. secret","status":"INVALID_ARGUMENT"}}""")]
    public void What_is_about_the_gateways_account_is_not(int status, string body)
    {
        var failure = Read(status, body);
        Assert.Equal((502, ModelFailureKind.CredentialRefused), (failure.Status, failure.Kind));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.Code);
    }

    [Theory]
    [InlineData(429, 429, nameof(ModelFailureKind.RateLimited))]
    [InlineData(408, 408, nameof(ModelFailureKind.TimedOut))]
    [InlineData(504, 504, nameof(ModelFailureKind.TimedOut))]
    [InlineData(529, 529, nameof(ModelFailureKind.Unavailable))]
    [InlineData(500, 503, nameof(ModelFailureKind.Unavailable))]
    [InlineData(502, 503, nameof(ModelFailureKind.Unavailable))]
    [InlineData(409, 503, nameof(ModelFailureKind.Unavailable))]
    [InlineData(405, 400, nameof(ModelFailureKind.RequestRefused))]
    [InlineData(302, 502, nameof(ModelFailureKind.Nonsense))]
    public void Every_status_has_its_meaning(int status, int expected, string kind)
    {
        var failure = Read(status, """{"error":{"message":"Limit reached for gpt-5 in organization org-secret"}}""");
        Assert.Equal((expected, kind), (failure.Status, failure.Kind.ToString()));
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1500)]
    [InlineData("Retry-After", "7", 7000)]
    [InlineData("Retry-After", "0.5", 500)]
    [InlineData("Retry-After", "Mon, 04 May 2026 12:00:20 GMT", 20_000)]
    [InlineData("Retry-After", "Mon, 04 May 2026 11:00:20 GMT", 0)]
    [InlineData("Retry-After", "999999999999", 3_600_000)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("retry-after-ms", "1e400", null)]
    public void Waits_are_read_in_every_form(string name, string value, int? milliseconds)
    {
        var wait = UpstreamError.RetryAfter(asked => asked == name ? value : null, Now);
        Assert.Equal(milliseconds, (int?)wait?.TotalMilliseconds);
    }

    [Fact]
    public void Gemini_says_in_its_body_how_long_to_wait()
    {
        var failure = Read(429, """{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}""");
        Assert.Equal(TimeSpan.FromSeconds(34.5), failure.RetryAfter);
    }

    [Theory]
    [InlineData("<html><body>Bad Gateway</body></html>")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"message":{"a":[]},"code":{"b":1}}}""")]
    [InlineData("""{"detail":[7]}""")]
    [InlineData("""{"error":{"message":"\ud800"}}""")]
    public void A_body_that_makes_no_sense_still_has_a_status(string body) => Assert.Equal(ModelFailureKind.RequestRefused, Read(400, body).Kind);

    [Fact]
    public void A_long_text_is_cut_and_has_no_line_ends()
    {
        var failure = Read(400, $$$"""{"error":{"message":"a\r\n\u0000{{{new string('x', 5000)}}}"}}""");
        Assert.InRange(failure.Message.Length, 100, 2048);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Theory]
    [InlineData(nameof(Wire.Chat), """{"choices":[]}""", null)]
    [InlineData(nameof(Wire.Messages), """{"type":"message","content":[]}""", null)]
    [InlineData(nameof(Wire.Responses), """{"output":[],"error":null}""", null)]
    [InlineData(nameof(Wire.Gemini), """{"candidates":[]}""", null)]
    [InlineData(nameof(Wire.Embeddings), """{"data":[]}""", null)]
    [InlineData(nameof(Wire.Chat), "<html>", 502)]
    [InlineData(nameof(Wire.Chat), """{"choices":[]} trailing""", 502)]
    [InlineData(nameof(Wire.Chat), """{"choices":[""", 502)]
    [InlineData(nameof(Wire.Chat), """{"content":[]}""", 502)]
    [InlineData(nameof(Wire.Chat), """{"error":{"message":"busy","type":"server_error"}}""", 503)]
    [InlineData(nameof(Wire.Chat), """{"error":{"message":"busy","code":429}}""", 429)]
    [InlineData(nameof(Wire.Messages), """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", 529)]
    [InlineData(nameof(Wire.Responses), """{"output":[],"error":{"code":"server_error","message":"x"}}""", 503)]
    public void An_answer_with_status_200_is_looked_at(string wire, string body, int? status) =>
        Assert.Equal(status, AnswerCheck.Read(Enum.Parse<Wire>(wire), new ContentKind("application/json"), Encoding.UTF8.GetBytes(body))?.Status);

    private static ModelFailure Read(int status, string body) => UpstreamError.Read(Wire.Chat, status, _ => null, Encoding.UTF8.GetBytes(body), Now);
}
