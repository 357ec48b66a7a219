using System.Buffers;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>
/// Takes a stream apart into what any wire can say, and writes it as the events of one. Text is UTF-8 without escapes and lives only during
/// the call. Things come one after the other: text, thinking or the arguments of one call, until another of them begins.
/// </summary>
internal abstract class StreamSink(AnswerTerms terms, StreamPosition position, long estimatedInput)
{
    private bool _hasUsage;
    private bool _inCall;
    private long _outputBytes;

    /// <summary>Where the events of the current provider event go; to be set before anything is told.</summary>
    public IBufferWriter<byte> Output
    {
        get => field ?? throw new InvalidOperationException("A sink is told something before it has an output.");
        set;
    }

    protected AnswerTerms Terms => terms;

    protected StreamPosition Position => position;

    protected StopReason StopReason { get; private set; }

    protected string? StopSequence { get; private set; }

    /// <summary>As the provider reported; before that an estimate.</summary>
    protected TokenUsage Usage { get; private set; } = new(estimatedInput, 0) { IsEstimate = true };

    /// <summary>The provider has begun to answer. May be told more than once.</summary>
    public void Begin()
    {
        if (position.Id is null)
        {
            position.Created = terms.Now.ToUnixTimeSeconds();
            WriteBegin();
        }
    }

    public void Text(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            Count(text);
            _inCall = false;
            WriteText(text);
        }
    }

    public void Refusal(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            Count(text);
            StopReason = StopReason.Refused;
            _inCall = false;
            WriteRefusal(text);
        }
    }

    public void Thinking(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            Count(text);
            _inCall = false;
            WriteThinking(text);
        }
    }

    /// <summary>Seals the thinking before it; alone it is thinking that is not shown.</summary>
    public void SealThinking(Seal seal)
    {
        Begin();
        _inCall = false;
        WriteSeal(seal);
    }

    public void BeginCall(string id, string name, Seal? seal)
    {
        Begin();
        WriteBeginCall(id, name, seal);
        _inCall = true;
    }

    /// <summary>A piece of the arguments' JSON text.</summary>
    /// <returns>False when no call is open for it to belong to.</returns>
    public bool Arguments(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return true;
        }

        if (!_inCall)
        {
            return false;
        }

        Count(json);
        WriteArguments(json);
        return true;
    }

    public void Stop(StopReason reason, string? sequence = null)
    {
        Begin();

        // A declined answer ends with an ordinary reason in some wires.
        StopReason = StopReason is StopReason.Refused && reason is StopReason.Done ? StopReason.Refused : reason;
        StopSequence = sequence;
    }

    /// <summary>The provider's own count up to now; a later one replaces an earlier one.</summary>
    public void Count(TokenUsage usage)
    {
        _hasUsage |= usage.Output > 0;
        Usage = usage.Output > 0 ? usage : usage with { Output = Usage.Output };
        position.Usage = Usage;
    }

    public void End()
    {
        if (!position.HasEnded)
        {
            Begin();
            WriteEnd();
            position.HasEnded = true;
        }
    }

    protected abstract void WriteBegin();

    protected abstract void WriteText(ReadOnlySpan<byte> text);

    protected abstract void WriteRefusal(ReadOnlySpan<byte> text);

    protected abstract void WriteThinking(ReadOnlySpan<byte> text);

    protected abstract void WriteSeal(Seal seal);

    protected abstract void WriteBeginCall(string id, string name, Seal? seal);

    protected abstract void WriteArguments(ReadOnlySpan<byte> json);

    protected abstract void WriteEnd();

    // About four bytes a token, until the provider says better.
    private void Count(ReadOnlySpan<byte> text)
    {
        Begin();
        if (!_hasUsage)
        {
            _outputBytes += text.Length;
            Usage = Usage with { Output = (_outputBytes + 3) / 4, IsEstimate = true };
            position.Usage = Usage;
        }
    }
}
