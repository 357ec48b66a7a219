using System.Text.Json;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// The sentence that an upstream wrote for its client (RFC 9457 <c>title</c> and <c>detail</c>), so that an agent can mend its call.
/// Nothing else of an error body is shown, and nothing that looks like a URL.
/// </summary>
internal static class ProblemText
{
    private const int MaxLength = 400;

    /// <summary>A space and the text, or nothing.</summary>
    public static string Read(EgressReply reply)
    {
        if (!reply.Content.Is("application/problem+json"))
        {
            return "";
        }

        try
        {
            using var problem = JsonDocument.Parse(reply.Body);
            return problem.RootElement.ValueKind is JsonValueKind.Object
                ? Member(problem.RootElement, "title") + Member(problem.RootElement, "detail")
                : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text in it that is no Unicode.
            return "";
        }
    }

    private static string Member(JsonElement problem, string name)
    {
        if (!problem.TryGetProperty(name, out var value) || value.ValueKind is not JsonValueKind.String)
        {
            return "";
        }

        var text = value.GetString()!.Trim();
        return text.Length is 0 or > MaxLength || text.Contains("://", StringComparison.Ordinal) || text.AsSpan().ContainsAnyInRange('\0', '\x1f')
            ? ""
            : " " + (text.EndsWith('.') ? text : text + ".");
    }
}
