using Stoa.Gateway.Egress;
using Stoa.Gateway.Schemas;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>
/// Goes with a call that somebody makes to see what a tool does, and notes what went out and what came back. Live calls carry none. It does
/// not outlive its report, and what it holds is masked.
/// </summary>
/// <param name="mask">Knows the tool's secrets, and learns tokens that are fetched on the way.</param>
/// <param name="sends">False: the request is only built, with masks in place of credentials.</param>
/// <param name="sample">Stands for the endpoint's answer, so that nothing is sent.</param>
internal sealed class ToolTrial(SecretMask mask, bool sends, SampleResponse? sample, TimeProvider time)
{
    private readonly List<TrialAttempt> _attempts = [];
    private long _begunAt;

    /// <summary>Whether credentials are opened and the endpoint is asked.</summary>
    public bool Sends => sends && sample is null;

    public SecretMask Mask => mask;

    /// <summary>What became of each request that was sent, pages and retries included.</summary>
    public IReadOnlyList<TrialAttempt> Attempts => _attempts;

    /// <summary>The first request that was built.</summary>
    public TrialRequest? Request { get; private set; }

    /// <summary>The last answer; null when there was none.</summary>
    public TrialResponse? Response { get; private set; }

    /// <summary>Timestamp of the end of the last attempt; 0 before.</summary>
    public long EndedAt { get; private set; }

    /// <summary>How the answer, once mapped, breaks the schema that the tool promises.</summary>
    public List<SchemaFinding> Findings { get; } = [];

    /// <summary>Just before an attempt. False when nothing is to be sent; then <see cref="TakeSample"/> has the answer, if there is one.</summary>
    public async ValueTask<bool> BeginAsync(HttpRequestMessage message, ToolCredential credential, CancellationToken ct)
    {
        // Tokens and encoded pairs are made on the way; whatever else stands in a header is one of the tool's Secrets.
        if (Sends && credential is { HeaderName: "Authorization", HeaderValue: { } value })
        {
            mask.Add(value.Reveal()[(value.Reveal().IndexOf(' ') + 1)..]);
        }

        Request ??= await TrialRequest.OfAsync(message, mask, ct);
        _begunAt = time.GetTimestamp();
        return Sends;
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="waited">How long it was put off before it began.</param>
    public void End(EgressResult<EgressReply> sent, TimeSpan waited)
    {
        Heard(sent.Value);
        _attempts.Add(new(waited, time.GetElapsedTime(_begunAt, EndedAt), sent.Value?.Status, sent.Failure?.Fault));
    }

    /// <summary>The sample as if it had come from the endpoint; null when there is none, or it was taken already.</summary>
    public EgressReply? TakeSample()
    {
        var reply = Response is null ? sample?.ToReply() : null;
        if (reply is not null)
        {
            Heard(reply);
        }

        return reply;
    }

    private void Heard(EgressReply? reply)
    {
        EndedAt = time.GetTimestamp();
        Response = reply is null ? null : TrialResponse.Of(reply, mask);
    }
}
