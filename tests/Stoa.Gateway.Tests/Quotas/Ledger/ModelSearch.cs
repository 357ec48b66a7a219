using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>
/// Walks every order in which instances may read, write, hand out, settle, pause, crash and lose answers, over the real transition
/// functions, and stops at the first state that breaks a promise. Breadth first, so that what it finds is a shortest way there.
/// </summary>
internal sealed class ModelSearch(ModelVariant variant, int instances, int mostTurns, int mostCrashes, int mostStates)
{
    public const int Limit = 3;
    private const int Borrowed = 1;
    private const int CallsAtOnce = 2;

    public static readonly Limits Limits = new([new(Dimension.Requests, Window.Day, Limit)]);

    public static readonly Limits LimitsToBorrow = new(Limits.Windows) { Borrow = new(100 * Borrowed / Limit + 1, TimeSpan.FromDays(1)) };

    /// <summary>Shorter than a block may be spent, so that instances also wake up after others have reaped them.</summary>
    public static readonly LeaseTerms Terms = new(1000, 1000);

    // Another moment, then all leases have expired, then it is the next day.
    private static readonly long[] Times = [0, 2000, 86_400_000];

    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<(ModelState State, Path? Way)> _open = new();

    public int States => _seen.Count;

    public bool IsExhaustive { get; private set; }

    /// <summary>What is broken and the way there; null when nothing was found.</summary>
    public string? Run()
    {
        var start = ModelState.Start(instances);
        _seen.Add(start.Fingerprint(variant.IsBlind));
        _open.Enqueue((start, null));
        while (_open.TryDequeue(out var at))
        {
            foreach (var (name, next, fault) in Steps(at.State))
            {
                if ((fault ?? Broken(next, variant.Limits)) is { } broken)
                {
                    return $"{broken}\n{new Path(name, at.Way)}";
                }

                if (_seen.Add(next.Fingerprint(variant.IsBlind)))
                {
                    _open.Enqueue((next, new Path(name, at.Way)));
                }
            }

            if (_seen.Count >= mostStates)
            {
                return null;
            }
        }

        IsExhaustive = true;
        return null;
    }

    private static string? Broken(ModelState state, Limits limits)
    {
        var most = limits.MostOf(limits.Windows[0]);
        for (var day = 0; day < 2; day++)
        {
            if (state.Used[day] > most + state.Overrun)
            {
                return $"Overshoot: {state.Used[day]} used of {most}, {state.Overrun} beyond reservations.";
            }
        }

        // What one day borrowed the next pays back: both together exceed their limits by no more than one of them may.
        if (state.Used.Sum() > Limit + most + state.Overrun)
        {
            return $"Not paid back: {state.Used[0]} and {state.Used[1]} used of {Limit} a day.";
        }

        var today = state.Stored.Time / Times[2];
        var charged = state.Stored.Meters.SelectMany(m => m.Charges).Where(c => c.Slot >= today).Sum(c => c.Amount);
        return state.Used[today] - state.Overrun > charged ? $"Charged {charged}, used {state.Used[today]}."
            : today > 0 && state.Used.Sum() - state.Overrun > Limit + charged ? $"Charged {charged} on the second day, used {state.Used[0]} and {state.Used[1]}."
            : state.Stored.Meters.SelectMany(m => m.Charges).Any(c => c.Amount < 0) ? "A negative charge."
            : state.Overrun == 0 && state.Stored.Room(limits).Requests < 0 ? "Negative room without a debt."
            : null;
    }

    private IEnumerable<(string Name, ModelState Next, string? Fault)> Steps(ModelState state)
    {
        if (state.Tick + 1 < Times.Length)
        {
            yield return Step(state, "time passes", s => s.Tick++);
        }

        if (variant.Advance(state.Stored, Times[state.Tick]) is var reaped && reaped.Leases.Length < state.Stored.Leases.Length)
        {
            var next = state.Clone();
            yield return ("somebody reaps", next, next.Write(reaped));
        }

        for (var i = 0; i < instances; i++)
        {
            foreach (var step in StepsOf(state, i))
            {
                yield return step;
            }
        }
    }

    private IEnumerable<(string Name, ModelState Next, string? Fault)> StepsOf(ModelState state, int i)
    {
        var me = state.Instances[i];
        if (me.Delayed is { } late && (variant.IsBlind || late.Version == state.Version))
        {
            var next = state.Clone();
            next.Instances[i].Delayed = null;
            yield return ($"{me.Owner}: a late write arrives", next, next.Write(late.Entity));
        }

        if (me.Snapshot is null && (me.Unresolved is not null || me.Number < mostTurns))
        {
            yield return Step(state, $"{me.Owner} reads", s => s.Instances[i].Snapshot = (s.Stored, s.Version));
        }

        if (me.Snapshot is not null)
        {
            foreach (var step in Sends(state, i))
            {
                yield return step;
            }
        }

        if (me.Free > 0 && Times[state.Tick] / Times[2] == me.Day)
        {
            yield return Step(state, $"{me.Owner} starts a call", s => (s.Instances[i].Free, s.Instances[i].InFlight) = (me.Free - 1, me.InFlight + 1));
        }

        if (me.InFlight > 0)
        {
            yield return Step(state, $"{me.Owner} ends a call that used 1", s => Settle(s, i, used: 1));
            yield return Step(state, $"{me.Owner} ends a call that used 0", s => Settle(s, i, used: 0));
            if (variant.Overruns)
            {
                yield return Step(state, $"{me.Owner} ends a call that used 2", s => Settle(s, i, used: 2));
            }
        }

        if (state.Crashes < mostCrashes && (me.Holds || me.Unresolved is not null))
        {
            yield return Step(state, $"{me.Owner} dies, its calls being billed", s => Crash(s, i));
        }
    }

    /// <summary>Acts on what was read: finds its last write there, or writes the next, with every fate that a write can have.</summary>
    private IEnumerable<(string Name, ModelState Next, string? Fault)> Sends(ModelState state, int i)
    {
        var me = state.Instances[i];
        var (entity, version) = me.Snapshot!.Value;
        if (me.Unresolved is not null && entity.LeaseOf(me.Owner) is { } lease && lease.Fence >= me.Number)
        {
            yield return Step(state, $"{me.Owner} finds its write", s => Resolve(s, i, entity));
            yield break;
        }

        // Calls that wait, or a report of what has been settled so far and of what nobody wants.
        var isNew = me.Unresolved is null;
        var what = me.Unresolved ?? (me.Holds ? (0, me.PendingUsed, me.PendingUnused + me.Free, me.Debt) : (CallsAtOnce, 0L, 0L, me.Debt));
        if (isNew && me.Holds && me.PendingUsed + me.PendingUnused + me.Free == 0)
        {
            yield break;
        }

        var number = isNew ? me.Number + 1 : me.Number;
        var turn = new Turn("c", variant.Limits, number, what.Used + what.Unused > 0 ? [new(me.Block, new(what.Used), new(what.Unused))] : [], new(what.Debt));
        var after = variant.Exchange(entity, Times[state.Tick], me.Owner, turn, what.Calls);
        var sent = state.Clone();
        var instance = sent.Instances[i];
        (instance.Snapshot, instance.Unresolved, instance.Number) = (null, what, number);
        if (isNew)
        {
            (instance.PendingUsed, instance.PendingUnused, instance.Free, instance.Debt) = (0, 0, what.Calls > 0 ? me.Free : 0, 0);
        }

        if (!variant.IsBlind && version != state.Version)
        {
            yield return ($"{me.Owner} writes in vain", sent, null);
            yield break;
        }

        var done = sent.Clone();
        var fault = done.Write(after);
        yield return Step(done, $"{me.Owner} writes {what}", s => Resolve(s, i, after)) with { Fault = fault };
        yield return ($"{me.Owner} writes {what}, and the answer is lost", done, fault);
        yield return Step(sent, $"{me.Owner} writes {what}, which is delayed", s => s.Instances[i].Delayed = (after, version));
    }

    private static void Resolve(ModelState state, int i, QuotaEntity written)
    {
        var me = state.Instances[i];
        (me.Snapshot, var what, me.Unresolved) = (null, me.Unresolved!.Value, null);
        var block = written.LeaseOf(me.Owner)?.Blocks.LastOrDefault(b => b.Number == me.Number) ?? default;
        if (what.Calls > 0 && block.Held.Requests > 0)
        {
            (me.Block, me.Free, me.Day) = (block.Number, block.Held.Requests, (int)(block.ChargedAt / Times[2]));
        }
    }

    private static void Settle(ModelState state, int i, long used)
    {
        var me = state.Instances[i];
        me.InFlight--;
        me.PendingUsed += Math.Min(1, used);
        me.PendingUnused += used is 0 ? 1 : 0;
        me.Debt += Math.Max(0, used - 1);
        state.Overrun += Math.Max(0, used - 1);
        state.Used[me.Day] += used;
    }

    private static void Crash(ModelState state, int i)
    {
        var dead = state.Instances[i];
        state.Used[dead.Day] += dead.InFlight;
        state.Crashes++;
        state.Instances[i] = new() { Owner = dead.Owner + 10, Delayed = dead.Delayed, Number = dead.Number };
    }

    private static (string Name, ModelState Next, string? Fault) Step(ModelState state, string name, Action<ModelState> change)
    {
        var next = state.Clone();
        change(next);
        return (name, next, null);
    }

    private sealed record Path(string Name, Path? Before)
    {
        public override string ToString() => Before is null ? Name : $"{Before}\n{Name}";
    }
}
