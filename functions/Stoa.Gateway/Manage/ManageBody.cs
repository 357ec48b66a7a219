using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>Small JSON bodies of management requests.</summary>
internal static class ManageBody
{
    private const int MaxBody = 64 * 1024;

    /// <summary>The body, <paramref name="whenEmpty"/> when there is none; null after the refusal has been written.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, T? whenEmpty, int max = MaxBody)
        where T : class
    {
        var (content, refusal) = await RequestBody.ReadAsync(http.Request, max, "That is far more than its members need.", http.RequestAborted);
        using var body = content;
        if (body is null)
        {
            await RefusalReply.WriteAsync(http, refusal!);
            return null;
        }

        if (body.Bytes.IsEmpty && whenEmpty is not null)
        {
            return whenEmpty;
        }

        try
        {
            if (!JsonText.HasLoneSurrogate(body.Bytes.Span) && JsonSerializer.Deserialize(body.Bytes.Span, type) is { } value)
            {
                return value;
            }
        }
        catch (JsonException e)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedBody, $"The body does not fit: see {e.Path ?? "$"} at line {e.LineNumber + 1}. Known members: {string.Join(", ", type.Properties.Select(p => p.Name))}."));
            return null;
        }

        await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedBody, "The body must be a JSON object."));
        return null;
    }
}
