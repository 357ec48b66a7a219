using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>Follows every instance: its registration, its chain, its calls, its end.</summary>
internal sealed class InstanceBook(VerifyOptions options, Action<Finding> report)
{
    private readonly Dictionary<InstanceId, InstanceState> _states = [];
    private readonly Dictionary<InstanceId, Registration> _registry = [];
    private bool _hasRegistry;

    public int Count => _states.Count;

    public int Running { get; private set; }

    public int OpenCalls { get; private set; }

    public DateTimeOffset? Oldest { get; private set; }

    public DateTimeOffset? Newest { get; private set; }

    public void ReadRegistry(LedgerSource source)
    {
        using var stream = source.Open(Registration.FileName);
        if (stream is null)
        {
            report(new(FindingKind.RegistryMissing, Registration.FileName, "Without the registry an instance that vanished with all its records cannot be seen."));
            return;
        }

        _hasRegistry = true;
        var reader = new LineReader();
        reader.Open(stream, 0);
        while (reader.TryRead(out var line))
        {
            if (!Registration.TryParse(line, out var registration) || !_registry.TryAdd(registration.Instance, registration))
            {
                report(new(FindingKind.RegistryDiffers, Registration.FileName, "This line is not the registration of one more instance.") { Offset = reader.Offset });
            }
        }
    }

    /// <summary>The instance's state; new ones are looked up in the registry.</summary>
    public InstanceState Of(InstanceId instance, string blob)
    {
        if (!_states.TryGetValue(instance, out var state))
        {
            _states.Add(instance, state = new());
            if (_hasRegistry && !_registry.ContainsKey(instance))
            {
                report(new(FindingKind.UnregisteredInstance, blob, $"The registry does not know the instance {instance}."));
            }
        }

        return state;
    }

    /// <summary>Takes a record that stands in its place. Its hash is what the tile says, where one does.</summary>
    /// <param name="isFinal">Whether the record's own hash is beyond doubt, so that a bad prev is its writer's.</param>
    public void Take(InstanceId instance, InstanceState state, in SealedLeaf leaf, in RecordFacts record, in Sha256Hash hash, bool isFinal)
    {
        if (record.Sequence == 0 && _registry.TryGetValue(instance, out var registration) && registration.OpenHash != hash)
        {
            report(leaf.Tell(FindingKind.RegistryDiffers, $"The instance {instance} was registered with another first record."));
        }

        if (isFinal && state.Last is { } last && last != record.Previous)
        {
            report(leaf.Tell(FindingKind.BadPrevious, "Its `prev` is not the hash of the record before it."));
        }

        if (state.IsClosed)
        {
            report(leaf.Tell(FindingKind.Fork, "The instance had closed, and nothing follows a close."));
        }

        Follow(state, leaf, record);
        (state.Next, state.Last, state.LastIndex, state.Blob, state.LastTime) = (record.Sequence + 1, hash, leaf.Index, leaf.Blob, record.Time);
        Oldest = Oldest is { } oldest && oldest <= record.Time ? oldest : record.Time;
        Newest = Newest is { } newest && newest >= record.Time ? newest : record.Time;
        if (record.Type is RecordType.Close)
        {
            state.IsClosed = true;
            TellIntents(state, before: DateTimeOffset.MaxValue);
        }
    }

    /// <summary>After the last record.</summary>
    public void Finish()
    {
        foreach (var state in _states.Values.Where(s => !s.IsClosed))
        {
            var mayRun = Newest - state.LastTime < options.Running;
            if (!options.IsPartial && !mayRun)
            {
                report(new(FindingKind.MissingClose, state.Blob, "The instance ended without its `close`: it was killed, or its last records are not here.") { Sequence = state.Next });
            }

            Running += mayRun ? 1 : 0;
            if (!options.IsPartial)
            {
                TellIntents(state, mayRun ? Newest!.Value - Min(LedgerBlobName.SlotLength, Newest.Value - DateTimeOffset.MinValue) : DateTimeOffset.MaxValue);
            }

            OpenCalls += state.Intents?.Count ?? 0;
        }

        foreach (var registration in _registry.Values.Where(r => !options.IsPartial && !_states.ContainsKey(r.Instance)))
        {
            report(new(FindingKind.InstanceWithoutBlob, Registration.FileName, $"The instance {registration.Instance} was registered at {RecordTime.Format(registration.OpenedAt)} and has no record here."));
        }
    }

    private void Follow(InstanceState state, in SealedLeaf leaf, in RecordFacts record)
    {
        if (record.Type is RecordType.Intent)
        {
            (state.Intents ??= [])[record.Id!] = new(leaf.Blob, leaf.Offset, record.Sequence, leaf.Index < 0 ? null : leaf.Index, record.Time);
        }
        else if (record.Type is RecordType.Outcome && state.Intents?.Remove(record.Intent!) is not true && state.IsComplete)
        {
            report(leaf.Tell(FindingKind.OutcomeWithoutIntent, $"Its intent, {record.Intent}, is not among the records before it."));
        }
    }

    private void TellIntents(InstanceState state, DateTimeOffset before)
    {
        foreach (var (id, intent) in state.Intents?.Where(i => i.Value.Time < before).OrderBy(i => i.Value.Sequence).ToArray() ?? [])
        {
            report(new(FindingKind.IntentWithoutOutcome, intent.Blob, "The call began, and how it ended was not recorded.")
            {
                Offset = intent.Offset, Sequence = intent.Sequence, Id = id, TreeIndex = intent.TreeIndex,
            });
            state.Intents!.Remove(id);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
