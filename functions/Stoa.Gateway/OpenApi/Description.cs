using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.OpenApi;

/// <summary>An API's description as a ToolSet's source gives it: parsed, and hashed as it came.</summary>
/// <param name="From">Where it was fetched from; null for one that is inline.</param>
internal sealed record Description(JsonDocument Json, string Hash, Uri? From) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The description, or null, a sentence, and the field to blame.</summary>
    public static async ValueTask<(Description? Description, string Path, string Complaint)> ReadAsync(
        ToolSetSource source, EgressClient egress, CancellationToken ct)
    {
        if (source.Inline is { } inline)
        {
            var given = inline.ValueKind is JsonValueKind.String ? Encoding.UTF8.GetBytes(inline.GetString()!) : JsonMarshal.GetRawUtf8Value(inline).ToArray();
            return Parsed(given, null, "spec.source.inline");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, source.Url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/yaml"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.5));
        request.Headers.TryAddWithoutValidation("User-Agent", EgressClient.UserAgent);
        var sent = await egress.SendAsync(request, new EgressLimits(Timeout, ApiText.MaxBytes), ct);
        if (!sent.IsAnswer)
        {
            return (null, "spec.source.url", $"The description cannot be fetched. {sent.Failure.Text}");
        }

        using var reply = sent.Value;
        return !reply.IsSuccess ? (null, "spec.source.url", $"The description cannot be fetched: the server answered {reply.Status}.")
            : reply.Content.Is("text/html") ? (null, "spec.source.url", "The server answered with a web page; use the URL of the document itself.")
            : Parsed(reply.Body.ToArray(), new Uri(source.Url!), "spec.source.url");
    }

    public void Dispose() => Json.Dispose();

    private static (Description?, string, string) Parsed(byte[] text, Uri? from, string path) =>
        ApiText.Parse(text, out var complaint) is { } json
            ? (new(json, Convert.ToHexStringLower(SHA256.HashData(text)), from), path, "")
            : (null, path, complaint);
}
