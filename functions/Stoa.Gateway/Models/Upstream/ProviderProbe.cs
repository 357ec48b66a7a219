using Stoa.Gateway.Egress;
using Stoa.Gateway.Models.Answers;
using Stoa.Gateway.Models.Routing;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>
/// Asks a provider for its list of models: one request that uses no tokens, to see whether it is there and takes the gateway's credential.
/// Only when somebody asks for it: it wakes nobody and costs nothing otherwise.
/// </summary>
internal sealed class ProviderProbe(EgressClient egress, ProviderCredentials credentials, TimeProvider time)
{
    private const int MaxAnswer = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async ValueTask<ProbeResult> RunAsync(Provider provider, CancellationToken ct)
    {
        var (isUsable, credential) = await credentials.OpenAsync(provider, ct);
        if (!isUsable)
        {
            return new(false, null, TimeSpan.Zero, ProviderError.NoCredential(provider.Name).Message);
        }

        // Gemini's own list takes its own header, as its own wire does.
        var wire = provider.Spec.Type is ProviderType.Gemini ? Wire.Gemini : Wire.Chat;
        using var message = UpstreamRequest.Build(provider, UpstreamUrls.ModelsOf(provider.Spec), credential, header: null, wire, passes: false, isStream: false, body: null);
        var startedAt = time.GetTimestamp();
        var sent = await egress.SendAsync(message, new EgressLimits(Patience, MaxAnswer, MaxRedirects: 0), ct);
        var took = time.GetElapsedTime(startedAt);
        using var reply = sent.Value;
        return reply is null ? new(false, null, took, ProviderError.Of(sent.Failure!, provider.Name).Message)
            : reply.IsSuccess ? new(true, reply.Status, took, null)
            : new(false, reply.Status, took, ProviderError.Safe(UpstreamError.Read(wire, reply.Status, reply.Header, reply.Body.Span, time.GetUtcNow()), credential).Message);
    }
}

/// <summary>What came of a probe.</summary>
/// <param name="Status">HTTP status; null when there was no answer.</param>
internal sealed record ProbeResult(bool IsHealthy, int? Status, TimeSpan Took, string? Error);
