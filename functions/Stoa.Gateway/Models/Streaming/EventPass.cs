using System.Buffers;
using Stoa.Gateway.Models.Answers;
using Stoa.Gateway.Models.Translation;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>The way of every event from the reader to the output: counted, judged, then passed on as it is or translated.</summary>
internal sealed class EventPass(ModelCall call, RelayTerms terms, EventReader events)
{
    private const string EndedEarly = "The provider's stream ended before its answer did.";

    private static readonly ModelFailure Unrecorded = new(
        503, ModelFailureKind.Unavailable, "The audit ledger cannot be written, and without a record there is no end of an answer: what was sent is not whole.");

    private readonly StreamPosition _seen = new() { WantsUsage = call.Request.WantsUsage };
    private bool _hasFinish;
    private long _numberBefore = -1;
    private StreamPosition? _told;

    public StreamMeter Meter { get; } = new(terms.Wire, terms.EstimatedInput);

    public ModelFailure? Failure { get; set; }

    /// <summary>Tells the caller why its stream ends here.</summary>
    public void WriteError(RelayOutput output)
    {
        Hold(output);
        StreamEnding.WriteError(call.Request.Wire, Position(), Failure!, output.Writer);
    }

    /// <summary>Tells the caller that the end of its answer, which is held, is kept back.</summary>
    public void WriteWithheld(RelayOutput output)
    {
        output.Drop();
        StreamEnding.WriteError(call.Request.Wire, _told!, Unrecorded, output.Writer);
    }

    /// <summary>Ends the answer as one that is too long.</summary>
    public void WriteCut(RelayOutput output)
    {
        Hold(output);
        if (terms.Translation is { } translation)
        {
            translation.Cut(output.Writer);
        }
        else
        {
            StreamEnding.WriteCut(call.Request.Wire, Position(), output.Writer);
        }
    }

    /// <summary>Judges the first event, if it is there; it stays where it is, to be passed on later.</summary>
    public bool TryOpen(out ModelFailure? failure)
    {
        failure = null;
        while (events.TryNext(out var found))
        {
            if (found.HasData)
            {
                failure = StreamGrammar.Open(terms.Wire, found, _seen);
                events.Rewind();
                return true;
            }
        }

        return false;
    }

    /// <summary>Passes on every event that is complete, or as many as the output takes at a time.</summary>
    public RelayStep Run(RelayOutput output)
    {
        while (events.TryNext(out var found))
        {
            var step = Pass(found, output);
            if (step is not RelayStep.Next || output.IsFull)
            {
                return step;
            }
        }

        return RelayStep.Empty;
    }

    /// <summary>The provider has closed: in order, if its last event was the last one, with or without the blank line.</summary>
    public RelayStep Close(RelayOutput output)
    {
        if (events.TryLast(out var last) && last.HasData && (StreamGrammar.IsDone(last.Data) || StreamGrammar.IsJson(last.Data))
            && Pass(last, output) is var step and (RelayStep.Ended or RelayStep.Broken))
        {
            return step;
        }

        if (!StreamGrammar.EndsByClosing(terms.Wire) || !_hasFinish)
        {
            return Break(EndedEarly);
        }

        Hold(output);
        End(output);
        return RelayStep.Ended;
    }

    public RelayStep Break(string complaint)
    {
        Failure = ModelFailure.Nonsense(complaint);
        return RelayStep.Broken;
    }

    /// <summary>What the caller has been told so far; the translation keeps that of its own.</summary>
    private StreamPosition Position()
    {
        _seen.Usage = Meter.Usage;
        return terms.Translation?.Position ?? _seen;
    }

    private RelayStep Pass(in StreamEvent found, RelayOutput output)
    {
        if (!found.HasData)
        {
            return Write(found, output);
        }

        if (StreamGrammar.IsDone(found.Data))
        {
            return terms.Wire is Wire.Chat ? Last(found, output) : Break(EndedEarly);
        }

        var glance = EventGlance.Of(terms.Wire, found.Data);
        Meter.Add(glance, found.Data);
        _hasFinish |= glance.HasFinish;
        _numberBefore = _seen.SequenceNumber;
        StreamGrammar.Follow(terms.Wire, found, glance, _seen);
        switch (StreamGrammar.RoleOf(terms.Wire, found, glance))
        {
            case EventRole.End:
                return Last(found, output);
            case EventRole.Error:
                Failure = ErrorBody.Inside(terms.Wire, found.Data);

                // What concerns the gateway's account there is told in the gateway's words, as it is before a stream has begun.
                return terms.Translation is null && Failure.Kind is not (ModelFailureKind.CredentialRefused or ModelFailureKind.RateLimited)
                    ? Last(found, output)
                    : RelayStep.Broken;
        }

        var isHidden = terms.HidesUsage && terms.Translation is null && glance.HasUsage && StreamGrammar.IsUsageOnly(found.Data);
        if (!isHidden && Write(found, output) is RelayStep.Broken)
        {
            return RelayStep.Broken;
        }

        return call.OutputBound is { } bound && Meter.Least > bound ? RelayStep.Bound : RelayStep.Next;
    }

    private RelayStep Last(in StreamEvent found, RelayOutput output)
    {
        Hold(output);
        if (terms.Translation is null)
        {
            // The number of this very event has been noted, and nobody has been told it.
            _told!.SequenceNumber = _numberBefore;
        }

        if (Write(found, output) is RelayStep.Broken)
        {
            return RelayStep.Broken;
        }

        End(output);
        return RelayStep.Ended;
    }

    private static ReadOnlySpan<byte> NoUsage => ",\"usage\":null"u8;

    private RelayStep Write(in StreamEvent found, RelayOutput output)
    {
        if (terms.Translation is not { } translation)
        {
            if (terms.AddsToolCallTypes && !output.IsDiscarding && TryWriteTyped(found, output))
            {
                return RelayStep.Next;
            }

            var raw = events.Last(found.Raw.Length);

            // Chunks say so only to callers that asked for usage, and strict SDKs know no null there. Inside a string the quotes would be escaped.
            if (terms.HidesUsage && found.Raw.IndexOf(NoUsage) is >= 0 and < RelayOutput.Slice and var at)
            {
                output.Write(raw[..at], false);
                raw = raw[(at + NoUsage.Length)..];
            }

            output.Write(raw, found.OwesLineFeed);
            return RelayStep.Next;
        }

        if (!found.HasData || output.IsDiscarding || StreamGrammar.IsDone(found.Data))
        {
            return RelayStep.Next;
        }

        return translation.TryWrite(found.Data, output.Writer, out var complaint)
            ? RelayStep.Next
            : Break($"The provider's stream cannot be brought into the caller's protocol: {complaint}.");
    }

    // One line of data and nothing else, as Mistral has it.
    private static bool TryWriteTyped(in StreamEvent found, RelayOutput output)
    {
        if (!found.Name.IsEmpty || found.Data.Contains((byte)'\n') || !ToolCallTypes.TryAdd(found.Data, out var typed))
        {
            return false;
        }

        var writer = output.Writer;
        writer.Write("data: "u8);
        writer.Write(typed.Span);
        writer.Write("\n\n"u8);
        return true;
    }

    // What ends a stream waits; should it never go, its ending starts from what the caller knows now.
    private void Hold(RelayOutput output)
    {
        _told ??= Position().Copy();
        output.Hold();
    }

    private void End(RelayOutput output)
    {
        _seen.HasEnded = true;
        if (terms.Translation is { } translation && !output.IsDiscarding)
        {
            translation.End(output.Writer);
        }
    }
}
