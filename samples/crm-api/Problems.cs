using System.Text.Json;

namespace Stoa.Samples.CrmApi;

/// <summary>Every error leaves as RFC 9457 problem details; this is where they get their words.</summary>
internal static class Problems
{
    public static IResult NoKey => Results.Problem(statusCode: 401, detail: "Send the API key in the X-Api-Key header.");

    public static IResult Missing(string id) => Results.Problem(statusCode: 404, detail: $"No customer has the id '{id}'.");

    /// <summary>Names fields as the caller wrote them, and says of an unreadable request which part could not be read.</summary>
    public static void Explain(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem is HttpValidationProblemDetails invalid)
        {
            invalid.Errors = invalid.Errors.ToDictionary(e => JsonNamingPolicy.CamelCase.ConvertName(e.Key), e => e.Value);
        }
        else if (context.Exception is BadHttpRequestException unreadable)
        {
            problem.Detail = HttpMethods.IsGet(context.HttpContext.Request.Method)
                ? unreadable.Message
                : "The body is not the JSON object that this operation takes.";
            if (unreadable.InnerException is JsonException { Path: ['$', '.', .. var field] })
            {
                problem.Extensions["errors"] = new Dictionary<string, string[]>
                {
                    [field] = ["Unknown, repeated, or of another JSON type."],
                };
            }
        }
    }
}
