using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>
/// Carries one stream of events from a provider to the caller. First <see cref="PrimeAsync"/>, until which another target may still be asked;
/// then <see cref="RunAsync"/>, which ends the reply in every case. Afterwards <see cref="Usage"/> says what it came to.
/// </summary>
internal sealed class StreamRelay(ModelCall call, HttpResponseMessage response, RelayTerms terms, TopUp topUp, TimeProvider time) : IAsyncDisposable
{
    /// <summary>At any time, also after an exception: the provider's own count where it gave one, else an estimate. Zero before the first event.</summary>
    public TokenUsage Usage { get; }

    /// <summary>Why the stream broke after it had begun; the caller has been told in an event. Null when it ran to its end.</summary>
    public ModelFailure? Failure { get; }

    /// <summary>Whether it was ended for want of quota.</summary>
    public bool WasCut { get; }

    /// <summary>Reads up to the first event that is valid, without beginning the reply; null when there is one.</summary>
    public ValueTask<ModelFailure?> PrimeAsync(CancellationToken ct) => throw new NotSupportedException($"{call} {response} {terms} {topUp} {time}");

    /// <summary>Begins the reply and relays to the end. Throws only <see cref="OperationCanceledException"/>, when the caller left.</summary>
    public ValueTask RunAsync(CancellationToken ct) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        response.Dispose();
        return default;
    }
}
