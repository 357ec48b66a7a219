using Stoa.Gateway.Models.Answers;
using Stoa.Gateway.Models.Translation;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>The way of every event from the reader to the output: counted, judged, then passed on as it is or translated.</summary>
internal sealed class EventPass(ModelCall call, RelayTerms terms, EventReader events)
{
    private const string EndedEarly = "The provider's stream ended before its answer did.";

    private readonly StreamPosition _seen = new() { WantsUsage = call.Request.WantsUsage };
    private bool _hasFinish;

    public StreamMeter Meter { get; } = new(terms.Wire, terms.EstimatedInput);

    public ModelFailure? Failure { get; set; }

    /// <summary>Tells the caller why its stream ends here.</summary>
    public void WriteError(RelayOutput output) => StreamEnding.WriteError(call.Request.Wire, Position(), Failure!, output.Writer);

    /// <summary>Ends the answer as one that is too long.</summary>
    public void WriteCut(RelayOutput output)
    {
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

        End(output);
        return RelayStep.Ended;
    }

    public RelayStep Break(string complaint)
    {
        Failure = StreamGrammar.Nonsense(complaint);
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
        StreamGrammar.Follow(terms.Wire, found, glance, _seen);
        switch (StreamGrammar.RoleOf(terms.Wire, found, glance))
        {
            case EventRole.End:
                return Last(found, output);
            case EventRole.Error:
                Failure = ErrorBody.Inside(terms.Wire, found.Data);
                return terms.Translation is null ? Last(found, output) : RelayStep.Broken;
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

        return translation.TryWrite(found.Name, found.Data, output.Writer, out var complaint)
            ? RelayStep.Next
            : Break($"The provider's stream cannot be brought into the caller's protocol: {complaint}.");
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
