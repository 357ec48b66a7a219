using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>
/// The caller's end of a relay: at most <see cref="Slice"/> bytes wait there for the caller to take them. What ends the stream is held until
/// it is said whether it may go.
/// </summary>
/// <param name="given">Told what the caller is given; null when nobody wants to know.</param>
internal sealed class RelayOutput(PipeWriter body, RelayWatch watch, Wire wire, GivenContent? given) : IBufferWriter<byte>
{
    public const int Slice = 64 * 1024;

    private ReadOnlyMemory<byte> _rest;
    private bool _owesLineFeed;
    private int _unflushed;
    private ArrayBufferWriter<byte>? _held;
    private Memory<byte> _room;

    /// <summary>What ends the stream is here, or would be if there were anything to say.</summary>
    public bool IsHolding => _held is not null;

    /// <summary>What is held; empty when nothing is.</summary>
    public ReadOnlyMemory<byte> Held => _held?.WrittenMemory ?? default;

    /// <summary>Everything written goes nowhere: the caller has left.</summary>
    public bool IsDiscarding { get; private set; }

    /// <summary>Nothing more may be written before a flush.</summary>
    public bool IsFull => _unflushed >= Slice || !_rest.IsEmpty;

    /// <summary>For what is not an event as the provider sent it.</summary>
    public IBufferWriter<byte> Writer
    {
        get
        {
            _unflushed += _held is null ? 1 : 0;
            return this;
        }
    }

    /// <summary>From now on whatever is written stays here.</summary>
    public void Hold() => _held ??= new();

    /// <summary>What is held goes to the caller, with the next flush.</summary>
    public void Release()
    {
        var last = Held;
        _held = null;
        Write(last, owesLineFeed: false);
    }

    /// <summary>What is held will never go; what is written next will.</summary>
    public void Drop() => _held = null;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _room = _held?.GetMemory(sizeHint) ?? body.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        if (_held is not null)
        {
            _held.Advance(count);
            return;
        }

        given?.Add(_room.Span[..count]);
        body.Advance(count);
    }

    /// <summary>One event; of a long one the first slice, the rest follows in <see cref="FlushAsync"/>. The bytes must stay until then.</summary>
    public void Write(ReadOnlyMemory<byte> raw, bool owesLineFeed)
    {
        if (IsDiscarding)
        {
            return;
        }

        if (_held is not null)
        {
            _held.Write(raw.Span);
            _held.Write(owesLineFeed ? "\n"u8 : default);
            return;
        }

        (_rest, _owesLineFeed) = (raw, owesLineFeed);
        WriteRest();
    }

    private void WriteRest()
    {
        var slice = _rest[..Math.Min(_rest.Length, Slice)];
        this.Write(slice.Span);
        _unflushed += slice.Length;
        _rest = _rest[slice.Length..];
        if (_rest.IsEmpty && _owesLineFeed)
        {
            this.Write("\n"u8);
            _owesLineFeed = false;
        }
    }

    /// <summary>False when there is nobody to take it any more, or not in time.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FlushAsync()
    {
        do
        {
            if (_unflushed == 0 || IsDiscarding)
            {
                _rest = default;
                return true;
            }

            if (watch.Cause is StopCause.SlowReader)
            {
                return false;
            }

            _unflushed = 0;
            var flush = body.FlushAsync(CancellationToken.None);
            var isPending = !flush.IsCompleted;
            if (isPending)
            {
                watch.BeginFlush();
            }

            var result = await flush;
            if (isPending)
            {
                watch.EndFlush();
            }

            if (result.IsCompleted || result.IsCanceled)
            {
                return false;
            }

            if (!_rest.IsEmpty)
            {
                WriteRest();
            }
        }
        while (_unflushed > 0);
        return true;
    }

    /// <summary>A comment, or for messages the event that its clients know.</summary>
    public async Task BeatAsync()
    {
        if (IsDiscarding)
        {
            return;
        }

        this.Write(wire is Wire.Messages ? "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8 : ": \n\n"u8);
        _unflushed++;
        await FlushAsync();
    }

    /// <summary>Drops the caller's connection: no ending can be written to somebody who does not read.</summary>
    public ValueTask AbortAsync() => body.CompleteAsync(new IOException("The caller does not read its stream."));

    /// <summary>The caller is gone.</summary>
    public void Leave()
    {
        IsDiscarding = true;
        body.CancelPendingFlush();
    }

    /// <summary>Lets the flush under way find nobody.</summary>
    public void CancelFlush() => body.CancelPendingFlush();
}
