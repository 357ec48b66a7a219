using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>An answer as it is shown: without secrets, and of its headers those that explain it.</summary>
internal sealed record TrialResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, TrialBody Body)
{
    private static readonly string[] Shown =
    [
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Date", "Age", "Cache-Control", "ETag", "Last-Modified", "Expires", "Vary",
        "Location", "Link", "Allow", "Retry-After", "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "WWW-Authenticate", "X-Request-Id", "Traceparent",
    ];

    public static TrialResponse Of(EgressReply reply, SecretMask mask) => new(
        reply.Status,
        [.. Shown.Select(name => (name, reply.Header(name))).Where(h => h.Item2 is not null).Select(h => (h.name, mask.Apply(h.Item2!)))],
        TrialBody.Of(reply.Body, reply.Content.MediaType.ToString(), mask));
}
