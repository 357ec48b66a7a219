using System.Buffers;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Answers;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>
/// One candidate's answer, from its head to its end: accepted while another target could still be asked, finished afterwards. Whatever
/// happens in between, what was used is on the call.
/// </summary>
internal sealed class ModelExchange(ModelExchanges all, ModelCall call, Candidate candidate, long startedAt, TimeSpan left) : IAsyncDisposable
{
    /// <summary>The largest answer that is read whole; a longer one has to be streamed.</summary>
    public const int MaxAnswer = 20 * 1024 * 1024;

    private EgressReply? _whole;
    private StreamRelay? _stream;
    private int _status;
    private bool _isAtWork;
    private bool _isSpent;

    public bool IsStream => call.Request.IsStream && !IsCount;

    private bool IsCount => call.Operation is Operation.CountTokens;

    private bool AddsToolCallTypes => candidate.Provider.Spec.Type is ProviderType.Mistral && candidate.Wire is Wire.Chat && call.Request.Wire is Wire.Chat;

    private TimeSpan Left => left - all.Time.GetElapsedTime(startedAt);

    /// <summary>What ends the wait for an answer: the caller's leaving, unless the provider's count is wanted even then.</summary>
    public CancellationToken Patience(CancellationToken caller) =>
        candidate.Provider.Spec.OnDisconnect is OnDisconnect.Drain && !call.Request.IsStream ? CancellationToken.None : caller;

    /// <summary>A request is on its way.</summary>
    public void Begin() => _isAtWork = true;

    /// <summary>It was answered, or it failed.</summary>
    public void Ended() => _isAtWork = false;

    /// <summary>
    /// Takes over a response whose status is a success, up to where it is known to make sense: null when it does, else why not.
    /// </summary>
    /// <param name="sentAt">A timestamp of when the request was sent.</param>
    public ValueTask<ModelFailure?> AcceptAsync(HttpResponseMessage response, long sentAt, CancellationToken ct) =>
        IsStream ? AcceptStreamAsync(response, sentAt, ct) : AcceptWholeAsync(response, ct);

    /// <summary>The rest of it: a stream is relayed to its end, a whole answer is brought into the caller's wire.</summary>
    public async ValueTask<Answer> FinishAsync(CancellationToken ct)
    {
        if (_stream is null)
        {
            return Finish();
        }

        try
        {
            await _stream.RunAsync(MayEndAsync, ct);
        }
        finally
        {
            SpendOnce(_stream);
        }

        if (_stream.Failure is { } failure)
        {
            all.Broke(candidate, failure.Kind);
        }

        return Streamed(_stream);
    }

    public async ValueTask DisposeAsync()
    {
        // The caller left, or its time was over, while the provider was at work, which charges for what it has read, at least.
        if (_isAtWork && !IsCount)
        {
            all.Spend(call, candidate, new(all.LikelyInput(call, candidate.Model), 0) { IsEstimate = true });
        }

        _whole?.Dispose();
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
    }

    // The record of how a call ended says what was used for it, and may have to be there before the call ends.
    private ValueTask<bool> MayEndAsync(ReadOnlyMemory<byte> last)
    {
        SpendOnce(_stream!);
        return call.MayEnd(Streamed(_stream!), last);
    }

    private void SpendOnce(StreamRelay stream)
    {
        if (!_isSpent)
        {
            _isSpent = true;
            all.Spend(call, candidate, stream.Usage);
        }
    }

    private Answer Streamed(StreamRelay stream) => stream.Failure is { } failure
        ? Answer.Error(failure.Message, _status)
        : new(AnswerForm.JsonObject, default, null) { UpstreamStatus = _status };

    private async ValueTask<ModelFailure?> AcceptStreamAsync(HttpResponseMessage response, long sentAt, CancellationToken ct)
    {
        var (provider, likely) = (candidate.Provider, all.LikelyInput(call, candidate.Model));
        var translation = candidate.Wire == call.Request.Wire ? null
            : new StreamTranslation(candidate.Wire, call.Request.Wire, Terms(), call.Request.WantsUsage, likely);
        var times = provider.Spec.Timeouts;
        var relay = new StreamRelay(
            call,
            response,
            new(candidate.Wire, translation, HidesUsage: candidate.Wire is Wire.Chat && !call.Request.WantsUsage, likely, provider.Spec.OnDisconnect,
                times.FirstByte - all.Time.GetElapsedTime(sentAt), times.Idle, Left) { AddsToolCallTypes = AddsToolCallTypes },
            all.TopUp,
            all.Time);

        _status = (int)response.StatusCode;

        // Ours from here on: should the caller leave meanwhile, it is disposed with the exchange.
        _stream = relay;
        if (await relay.PrimeAsync(ct) is { } failure)
        {
            _stream = null;
            await relay.DisposeAsync();
            return failure;
        }

        return null;
    }

    private async ValueTask<ModelFailure?> AcceptWholeAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var read = await WholeBody.ReadAsync(response, MaxAnswer, Left, all.Time, ct);
        if (!read.IsAnswer)
        {
            return read.Failure.Fault is EgressFault.TooLarge && !IsCount ? TooLong() : NoAnswer.Of(read.Failure, candidate.Provider.Name);
        }

        var reply = read.Value;
        var failure = !IsCount ? AnswerCheck.Read(candidate.Wire, reply.Content, reply.Body.Span)
            : CountShape.Complaint(reply.Body.Span) is { } complaint ? NoAnswer.Nonsense(candidate.Provider.Name, complaint)
            : null;
        if (failure is not null)
        {
            reply.Dispose();
            return failure;
        }

        _whole = reply;
        return null;
    }

    // The work is done, and on the provider's bill: nobody may have that for nothing by asking for more than is read. How much it was nobody knows.
    private ModelFailure TooLong()
    {
        var most = call.OutputBound ?? call.Demand?.OutputTokens ?? 0;
        all.Spend(call, candidate, new(all.LikelyInput(call, candidate.Model), most) { IsEstimate = true });
        return NoAnswer.TooLong(candidate.Provider.Name);
    }

    private Answer Finish()
    {
        var whole = _whole!;
        if (IsCount)
        {
            return Taken(whole);
        }

        var usage = UsageReader.OfAnswer(candidate.Wire, whole.Body.Span)
            ?? new TokenUsage(all.LikelyInput(call, candidate.Model), call.Request.Wire is Wire.Embeddings ? 0 : TokenEstimate.Output(0, AnswerText.Bytes(whole.Body.Span))) { IsEstimate = true };
        all.Spend(call, candidate, usage);
        if (candidate.Wire == call.Request.Wire)
        {
            return AddsToolCallTypes && ToolCallTypes.TryAdd(whole.Body.Span, out var typed)
                ? new(AnswerForm.JsonObject, typed, null) { UpstreamStatus = whole.Status }
                : Taken(whole);
        }

        var translated = new ArrayBufferWriter<byte>(whole.Body.Length + 512);
        if (AnswerTranslation.TryWrite(whole.Body, candidate.Wire, call.Request.Wire, Terms(), translated, out var complaint))
        {
            return new(AnswerForm.JsonObject, translated.WrittenMemory, null) { UpstreamStatus = whole.Status };
        }

        call.Failure = NoAnswer.Nonsense(candidate.Provider.Name, complaint ?? "it cannot be translated");
        return Answer.Error(call.Failure.Message, whole.Status);
    }

    private Answer Taken(EgressReply whole)
    {
        _whole = null;
        return new(AnswerForm.JsonObject, whole.Body, whole) { UpstreamStatus = whole.Status };
    }

    private AnswerTerms Terms() => new(call.Request.Model, all.Time.GetUtcNow(), call.TraceId);
}
