using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Stoa.Azure.Rest;

namespace Stoa.Azure.Blobs;

/// <summary>Signs blob requests with "Shared Key": eleven standard headers, all x-ms- headers, the path and the query.</summary>
internal sealed class SharedKeyPolicy(AccountKey key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    private static readonly string[] Signed =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    public override void OnSendingRequest(HttpMessage message)
    {
        message.Request.Headers.SetValue("x-ms-date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
        message.Request.Headers.SetValue("Authorization", $"SharedKey {key.Account}:{key.Sign(TextToSign(message.Request))}");
    }

    private string TextToSign(Request request)
    {
        var text = new StringBuilder().Append(request.Method.Method).Append('\n');
        foreach (var name in Signed)
        {
            var value = name is "Content-Length" ? Length(request) : request.Headers.TryGetValue(name, out var given) ? given : "";
            text.Append(value).Append('\n');
        }

        foreach (var header in request.Headers
            .Where(header => header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{header.Name.ToLowerInvariant()}:{header.Value.Trim()}\n");
        }

        var uri = request.Uri.ToUri();
        text.Append('/').Append(key.Account).Append(uri.AbsolutePath);
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
        {
            var (name, value) = parameter.Split('=', 2) is [var left, var right] ? (left, right) : (parameter, "");
            text.Append(CultureInfo.InvariantCulture, $"\n{name.ToLowerInvariant()}:{Uri.UnescapeDataString(value)}");
        }

        return text.ToString();
    }

    /// <summary>Empty for an empty body, since version 2015-02-21.</summary>
    private static string Length(Request request) =>
        request.Content is { } content && content.TryComputeLength(out var length) && length > 0
            ? length.ToString(CultureInfo.InvariantCulture)
            : "";
}
