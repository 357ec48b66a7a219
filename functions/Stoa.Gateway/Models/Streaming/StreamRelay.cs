using System.Runtime.CompilerServices;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Answers;
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

    private readonly ModelCall _call;
    private readonly RelayTerms _terms;
    private readonly TopUp _topUp;
    private readonly RelayWatch _watch;
    private readonly RelaySource _source;
    private readonly EventPass _pass;
    private RelayOutput? _output;
    private bool _isPrimed;
    private bool _isAtEnd;

    /// <param name="response">Its head is read and its status a success; the relay takes it over.</param>
    public StreamRelay(ModelCall call, HttpResponseMessage response, RelayTerms terms, TopUp topUp, TimeProvider time)
    {
        (_call, _terms, _topUp) = (call, terms, topUp);
        _watch = new(time, terms.Idle, call.MaxDuration is { } most && most < terms.Total ? most : terms.Total);
        _source = new(response, _watch);
        _pass = new(call, terms, _source.Events);
    }

    /// <summary>At any time, also after an exception: the provider's own count where it gave one, else an estimate. Zero before the first event.</summary>
    public TokenUsage Usage => _isPrimed ? _pass.Meter.Usage : default;

    /// <summary>Why the stream broke after it had begun; the caller has been told in an event. Null when it ran to its end.</summary>
    public ModelFailure? Failure => _pass.Failure;

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
        using var left = ct.UnsafeRegister(static watch => ((RelayWatch)watch!).Stop(StopCause.CallerLeft), _watch);
        while (true)
        {
            if (!_source.Content.IsJson && _pass.TryOpen(out var failure))
            {
                _isPrimed = failure is null;
                return failure;
            }

            var read = _source.Events.IsFull ? 0 : await _source.ReadAsync();
            if (read <= 0)
            {
                ct.ThrowIfCancellationRequested();
                return read < 0 ? Stopped() : WithoutStream();
            }
        }
    }

    /// <summary>
    /// Begins the reply and relays to the end. What ends it waits for the word of <paramref name="mayEnd"/>, and is replaced by an error event
    /// when that says no. Throws only <see cref="OperationCanceledException"/>, when the caller left.
    /// </summary>
    public async ValueTask RunAsync(MayEnd mayEnd, CancellationToken ct)
    {
        _output = new(_call.Reply.Begin(), _watch, _call.Request.Wire, _call.Given);
        _watch.Begin(_output);
        using (ct.UnsafeRegister(static relay => ((StreamRelay)relay!).CallerLeft(), this))
        {
            await RelayAsync(_output);
            if (_output.IsHolding && !_output.IsDiscarding && !WasSlow)
            {
                await EndAsync(_output, await mayEnd(_output.Held));
            }

            if (_isAtEnd && !WasSlow)
            {
                await _source.CloseAsync();
            }
        }

        ct.ThrowIfCancellationRequested();
    }

    public ValueTask DisposeAsync()
    {
        _watch.Dispose();
        _source.Dispose();
        return default;
    }

    private async ValueTask RelayAsync(RelayOutput output)
    {
        while (true)
        {
            var step = _pass.Run(output);
            if (step is RelayStep.Empty)
            {
                if (!await output.FlushAsync() && !await GoesOnAsync(output))
                {
                    return;
                }

                step = await MoreAsync(output);
            }

            if (!await output.FlushAsync() && !await GoesOnAsync(output))
            {
                return;
            }

            switch (step)
            {
                case RelayStep.Bound when !await TopUpAsync(output):
                    return;
                case RelayStep.Ended:
                    _isAtEnd = true;
                    return;
                case RelayStep.Broken:
                    _source.Abort();
                    _pass.WriteError(output);
                    return;
                case RelayStep.Stopped:
                    await GoesOnAsync(output);
                    return;
            }
        }
    }

    /// <summary>More bytes from the provider, or what it means that there are none.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RelayStep> MoreAsync(RelayOutput output)
    {
        if (_source.Events.IsFull)
        {
            return _pass.Break($"An event of the provider's is over the limit of {EventReader.MaxEvent} bytes.");
        }

        var read = await _source.ReadAsync();
        if (read >= 0)
        {
            return read > 0 ? RelayStep.Next : _pass.Close(output);
        }

        if (output.IsDiscarding || _watch.Cause is StopCause.CallerLeft or StopCause.SlowReader)
        {
            return RelayStep.Stopped;
        }

        _pass.Failure = Stopped();
        return RelayStep.Broken;
    }

    private ModelFailure WithoutStream() =>
        AnswerCheck.Read(_terms.Wire, _source.Content, _source.Events.Pending)
        ?? ModelFailure.Nonsense("The provider answered at once where it was asked for a stream.");

    private ModelFailure Stopped() => _watch.Cause switch
    {
        StopCause.FirstEvent => new(504, ModelFailureKind.TimedOut, "The provider did not begin its answer in time."),
        StopCause.Idle => new(504, ModelFailureKind.TimedOut, "The provider stopped in the middle of its answer."),
        StopCause.Total => new(504, ModelFailureKind.TimedOut, "The answer took longer than allowed."),
        _ => ModelFailure.Nonsense("The provider's stream broke off."),
    };

    private async ValueTask EndAsync(RelayOutput output, bool mayEnd)
    {
        if (mayEnd)
        {
            output.Release();
        }
        else if (!output.IsDiscarding)
        {
            _pass.WriteWithheld(output);
        }

        if (!await output.FlushAsync())
        {
            await GoesOnAsync(output);
        }
    }

    /// <summary>Whether there is more quota; else the answer is ended as one that is too long.</summary>
    private async ValueTask<bool> TopUpAsync(RelayOutput output)
    {
        if (output.IsDiscarding)
        {
            return false;
        }

        try
        {
            if (await _topUp(_call, _pass.Meter.Least, _watch.Token))
            {
                return true;
            }
        }
        catch (OperationCanceledException) when (_watch.Token.IsCancellationRequested)
        {
            // The next read says why.
            return true;
        }
        catch (StorageUnavailableException)
        {
            // Nobody can say that there is more, so there is none.
        }

        WasCut = true;
        _source.Abort();
        _pass.WriteCut(output);
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
        }

        _output!.Leave();
    }

    /// <summary>Whether reading goes on although a flush found nobody.</summary>
    private async ValueTask<bool> GoesOnAsync(RelayOutput output)
    {
        if (_watch.Cause is StopCause.SlowReader)
        {
            WasSlow = true;
            await output.AbortAsync();
            return false;
        }

        if (!output.IsDiscarding)
        {
            CallerLeft();
        }

        return _terms.OnDisconnect is OnDisconnect.Drain;
    }
}
