namespace Stoa.Gateway.Tools.Trials;

/// <summary>A request as it is shown: without secrets.</summary>
internal sealed record TrialRequest(string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, TrialBody Body)
{
    public static async ValueTask<TrialRequest> OfAsync(HttpRequestMessage message, SecretMask mask, CancellationToken ct)
    {
        var headers = message.Headers.NonValidated.Concat(message.Content?.Headers.NonValidated ?? default)
            .Select(header => (header.Key, mask.Apply(header.Value.ToString()))).ToArray();
        ReadOnlyMemory<byte> body = message.Content is { } content ? await content.ReadAsByteArrayAsync(ct) : default;
        return new(message.Method.Method, mask.Apply(message.RequestUri!.OriginalString), headers, TrialBody.Of(body, message.Content?.Headers.ContentType?.MediaType, mask));
    }
}
