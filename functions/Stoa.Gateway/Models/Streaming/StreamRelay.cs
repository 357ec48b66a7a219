using System.Runtime.CompilerServices;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Answers;
using Stoa.Gateway.Models.Translation;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>
/// Carries one stream of events from a provider to the caller. First <see cref="PrimeAsync"/>, until which another target may still be asked;
/// then <see cref="RunAsync"/>, which ends the reply in every case. Afterwards <see cref="Usage"/> says what it came to. Disposing it ends the
/// provider's stream.
/// </summary>
/// <remarks>
/// What came in one read leaves in one flush, whole events only. Nothing waits for more to come, and what the caller does not take
/// holds up the reading from the provider.
/// </remarks>
internal sealed class StreamRelay : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClosingTime = TimeSpan.FromMilliseconds(250);

    private readonly ModelCall _call;
    private readonly HttpResponseMessage _response;
    private readonly RelayTerms _terms;
    private readonly TopUp _topUp;
    private readonly RelayWatch _watch;
    private readonly StreamMeter _meter;
    private readonly EventReader _reader = new();
    private readonly StreamPosition _position = new();
    private Stream _body = Stream.Null;
    private RelayOutput? _output;
    private bool _hasFinish;
    private bool _isPrimed;

    public StreamRelay(ModelCall call, HttpResponseMessage response, RelayTerms terms, TopUp topUp, TimeProvider time)
    {
        (_call, _response, _terms, _topUp) = (call, response, terms, topUp);
        var total = call.MaxDuration is { } most && most < terms.Total ? most : terms.Total;
        _watch = new(time, terms.Idle, total, () => _output!.BeatAsync());
        _meter = new(terms.Wire, terms.EstimatedInput);
    }

    /// <summary>At any time, also after an exception: the provider's own count where it gave one, else an estimate. Zero before the first event.</summary>
    public TokenUsage Usage => _isPrimed ? _meter.Usage : default;

    /// <summary>Why the stream broke after it had begun; the caller has been told in an event. Null when it ran to its end.</summary>
    public ModelFailure? Failure { get; private set; }

    /// <summary>Whether it was ended for want of quota.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Whether the caller's connection was dropped because it did not read.</summary>
    public bool WasSlow { get; private set; }

    /// <summary>
    /// Reads up to the first event that is valid, without beginning the reply; null when there is one. Throws only
    /// <see cref="OperationCanceledException"/>, when the caller left.
    /// </summary>
    public async ValueTask<ModelFailure?> PrimeAsync(CancellationToken ct)
    {
        _watch.Limit(_terms.FirstEvent, StopCause.FirstEvent);
        using var left = ct.UnsafeRegister(static relay => ((StreamRelay)relay!)._watch.Stop(StopCause.CallerLeft), this);
        _body = await _response.Content.ReadAsStreamAsync(ct);
        var content = new ContentKind(_response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null);
        while (true)
        {
            if (!content.IsJson && TryOpen(out var failure))
            {
                _isPrimed = failure is null;
                return failure;
            }

            var read = _reader.IsFull ? 0 : await ReadAsync();
            if (read <= 0)
            {
                ct.ThrowIfCancellationRequested();
                return read < 0 ? Stopped() : WithoutStream(content);
            }
        }
    }

    /// <summary>Begins the reply and relays to the end. Throws only <see cref="OperationCanceledException"/>, when the caller left.</summary>
    public async ValueTask RunAsync(CancellationToken ct)
    {
        _output = new(_call.Reply.Begin(), _watch, _call.Request.Wire);
        _watch.Begin();
        using (ct.UnsafeRegister(static relay => ((StreamRelay)relay!).CallerLeft(), this))
        {
            await RelayAsync();
        }

        ct.ThrowIfCancellationRequested();
    }

    public ValueTask DisposeAsync()
    {
        _watch.Dispose();
        _response.Dispose();
        _reader.Dispose();
        return default;
    }

    private async ValueTask RelayAsync()
    {
        while (true)
        {
            var step = Pass();
            if (!await _output!.FlushAsync() && !await GoesOnAsync())
            {
                return;
            }

            if (step is Step.Empty)
            {
                step = _reader.IsFull ? Break($"An event of the provider's is over the limit of {EventReader.MaxEvent} bytes.") : await MoreAsync();
            }

            switch (step)
            {
                case Step.Bound when !await TopUpAsync():
                    return;
                case Step.Ended:
                    await CloseAsync();
                    return;
                case Step.Broken:
                    await BreakAsync();
                    return;
                case Step.Stopped:
                    return;
            }
        }
    }

    /// <summary>Hands on every event that is complete.</summary>
    private Step Pass()
    {
        while (_reader.TryNext(out var found))
        {
            var step = Pass(found);
            if (step is not Step.Next || _output!.HasRest || _output.IsFull)
            {
                return step;
            }
        }

        return Step.Empty;
    }

    private Step Pass(in StreamEvent found)
    {
        if (!found.HasData)
        {
            return Relay(found);
        }

        if (StreamGrammar.IsDone(found.Data))
        {
            return _terms.Wire is not Wire.Chat ? Break("The provider's stream ended before its answer did.") : Ended(found);
        }

        var glance = EventGlance.Of(_terms.Wire, found.Data);
        var role = StreamGrammar.RoleOf(_terms.Wire, found, glance);
        _meter.Add(glance, found.Data);
        _hasFinish |= glance.HasFinish;
        StreamGrammar.Follow(_terms.Wire, found, glance, _position);
        switch (role)
        {
            case EventRole.End:
                return Ended(found);
            case EventRole.Error:
                Failure = ErrorBody.Inside(_terms.Wire, found.Data);
                return _terms.Translation is null && Relay(found) is Step.Next ? Step.Ended : Step.Broken;
        }

        if (!(_terms.HidesUsage && glance.HasUsage && StreamGrammar.IsUsageOnly(found.Data)) && Relay(found) is not Step.Next)
        {
            return Step.Broken;
        }

        return _call.OutputBound is { } bound && _meter.Least > bound ? Step.Bound : Step.Next;
    }

    private Step Ended(in StreamEvent found)
    {
        if (Relay(found) is not Step.Next)
        {
            return Step.Broken;
        }

        EndTranslation();
        return Step.Ended;
    }

    private Step Relay(in StreamEvent found)
    {
        if (_terms.Translation is not { } translation)
        {
            _output!.Write(_reader.Last(found.Raw.Length), found.OwesLineFeed);
            return Step.Next;
        }

        if (!found.HasData || StreamGrammar.IsDone(found.Data) || _output!.IsDiscarding)
        {
            return Step.Next;
        }

        return translation.TryWrite(found.Name, found.Data, _output.Writer, out var complaint) ? Step.Next : Break(complaint!);
    }

    private void EndTranslation()
    {
        if (_terms.Translation is { } translation && !_output!.IsDiscarding)
        {
            translation.End(_output.Writer);
        }
    }

    /// <summary>More bytes from the provider, or what it means that there are none.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Step> MoreAsync()
    {
        var read = await ReadAsync();
        if (read > 0)
        {
            return Step.Next;
        }

        if (read == 0)
        {
            return Closed();
        }

        Failure = _output!.IsDiscarding ? null : Stopped();
        return Failure is null ? Step.Stopped : Step.Broken;
    }

    /// <summary>The provider has closed: in order, if its last event was the last one, with or without the blank line.</summary>
    private Step Closed()
    {
        var hasLast = _reader.TryLast(out var last) && last.HasData;
        if (hasLast && (StreamGrammar.IsDone(last.Data) || StreamGrammar.IsJson(last.Data)))
        {
            var step = Pass(last);
            if (step is Step.Ended or Step.Broken)
            {
                return step;
            }
        }

        if (StreamGrammar.EndsByClosing(_terms.Wire) && _hasFinish)
        {
            EndTranslation();
            return Step.Ended;
        }

        return Break("The provider's stream ended before its answer did.");
    }

    /// <summary>Bytes read; 0 at the end, -1 when it broke or had to stop.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAsync()
    {
        try
        {
            var pending = _body.ReadAsync(_reader.Room(), _watch.Token);
            int read;
            if (pending.IsCompleted)
            {
                read = await pending;
            }
            else
            {
                _watch.BeginRead();
                try
                {
                    read = await pending;
                }
                finally
                {
                    await _watch.EndRead();
                }
            }

            _reader.Fill(read);
            return read;
        }
        catch (Exception e) when (EgressFailure.Explains(e))
        {
            return -1;
        }
    }

    private bool TryOpen(out ModelFailure? failure)
    {
        failure = null;
        while (_reader.TryNext(out var found))
        {
            if (found.HasData)
            {
                failure = StreamGrammar.Open(_terms.Wire, found, _position);
                _reader.Rewind();
                return true;
            }
        }

        return false;
    }

    private ModelFailure WithoutStream(ContentKind content) =>
        AnswerCheck.Read(_terms.Wire, content, _reader.Pending) ?? StreamGrammar.Nonsense("The provider answered at once where it was asked for a stream.");

    private ModelFailure Stopped() => _watch.Cause switch
    {
        StopCause.FirstEvent => new(504, ModelFailureKind.TimedOut, "The provider did not begin its answer in time."),
        StopCause.Idle => new(504, ModelFailureKind.TimedOut, "The provider stopped in the middle of its answer."),
        StopCause.Total => new(504, ModelFailureKind.TimedOut, "The answer took longer than allowed."),
        _ => StreamGrammar.Nonsense("The provider's stream broke off."),
    };

    private Step Break(string complaint)
    {
        Failure = StreamGrammar.Nonsense(complaint);
        return Step.Broken;
    }

    private async ValueTask BreakAsync()
    {
        if (_watch.Cause is StopCause.CallerLeft || _output!.IsDiscarding)
        {
            Failure = null;
            return;
        }

        _position.OutputTokens = _meter.Output;
        StreamEnding.WriteError(_call.Request.Wire, _position, Failure!, _output.Writer);
        await _output.FlushLastAsync();
    }

    /// <summary>Whether there is more quota; else the answer is ended as one that is too long.</summary>
    private async ValueTask<bool> TopUpAsync()
    {
        if (_output!.IsDiscarding)
        {
            return false;
        }

        try
        {
            if (await _topUp(_call, _meter.Least, _watch.Token))
            {
                return true;
            }
        }
        catch (OperationCanceledException) when (_watch.Token.IsCancellationRequested)
        {
            return true;
        }
        catch (StorageUnavailableException)
        {
            // Nobody can say that there is more, so there is none.
        }

        WasCut = true;
        _response.Dispose();
        _position.OutputTokens = _meter.Output;
        StreamEnding.WriteCut(_call.Request.Wire, _position, _output.Writer);
        await _output.FlushLastAsync();
        return false;
    }

    /// <summary>On the server's own thread, while the relay may be anywhere.</summary>
    private void CallerLeft()
    {
        if (_terms.OnDisconnect is OnDisconnect.Stop)
        {
            _watch.Stop(StopCause.CallerLeft);
        }
        else
        {
            _watch.Limit(DrainTime, StopCause.DrainOver);
            _output!.Leave();
        }
    }

    /// <summary>Whether reading goes on although a flush found nobody.</summary>
    private async ValueTask<bool> GoesOnAsync()
    {
        if (_watch.Cause is StopCause.SlowReader or StopCause.Total)
        {
            WasSlow = true;
            await _output!.AbortAsync();
            return false;
        }

        if (_terms.OnDisconnect is OnDisconnect.Stop || _watch.Cause is not StopCause.None)
        {
            return false;
        }

        if (!_output!.IsDiscarding)
        {
            CallerLeft();
        }

        return true;
    }

    /// <summary>Reads the end of the HTTP message, so that the connection can serve the next call; what else is there is not looked at.</summary>
    private async ValueTask CloseAsync()
    {
        _watch.Limit(ClosingTime, StopCause.Closing);
        for (var reads = 0; reads < 8; reads++)
        {
            try
            {
                if (await _body.ReadAsync(_reader.Room(), _watch.Token) == 0)
                {
                    return;
                }
            }
            catch (Exception e) when (EgressFailure.Explains(e))
            {
                return;
            }
        }
    }

    private enum Step
    {
        Next,

        /// <summary>No further event is complete.</summary>
        Empty,

        /// <summary>The output has reached its bound.</summary>
        Bound,
        Ended,

        /// <summary>There is a failure that the caller has not been told.</summary>
        Broken,
        Stopped,
    }
}
