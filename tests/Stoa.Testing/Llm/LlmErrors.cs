using System.Globalization;

namespace Stoa.Testing.Llm;

/// <summary>Error bodies as each provider documents them.</summary>
internal static class LlmErrors
{
    public static string Body(LlmShape shape, int status, string? message)
    {
        var text = message ?? $"The scripted provider answers {status}.";
        return LlmReply.Json(shape switch
        {
            LlmShape.Anthropic => new { type = "error", error = new { type = Anthropic(status), message = text }, request_id = "req_011CSHoEeqs5C35K2UUqR7Fy" },
            LlmShape.Gemini => Gemini(status, text),
            LlmShape.Mistral => new { @object = "error", message = text, type = status is 429 ? "rate_limited" : "invalid_request_error", param = (string?)null, code = status is 429 ? "1300" : "3051" },
            LlmShape.Azure => new { error = new { code = status.ToString(CultureInfo.InvariantCulture), message = text } },
            _ => new { error = new { message = text, type = OpenAI(status), param = (string?)null, code = status is 429 ? "rate_limit_exceeded" : status is 401 ? "invalid_api_key" : null } },
        });
    }

    private static object Gemini(int status, string message) => status is 429
        ? new { error = new { code = status, message, status = "RESOURCE_EXHAUSTED", details = new object[] { new Dictionary<string, object> { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = "1s" } } } }
        : new { error = new { code = status, message, status = status switch { 400 => "INVALID_ARGUMENT", 403 => "PERMISSION_DENIED", 404 => "NOT_FOUND", 503 => "UNAVAILABLE", 504 => "DEADLINE_EXCEEDED", _ => "INTERNAL" } } };

    private static string Anthropic(int status) => status switch
    {
        400 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };

    private static string OpenAI(int status) => status switch
    {
        400 or 404 or 422 => "invalid_request_error",
        401 => "invalid_request_error",
        429 => "requests",
        _ => "server_error",
    };
}
