namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// What this instance holds of one scope: the block that it hands out from, older ones with calls still under way, and slots. Guarded by
/// the partition's lock; losing it costs what is held, which stays charged.
/// </summary>
internal sealed class ScopeLease(string key, Func<long> nextNumber, LeaseTerms terms, TimeProvider time)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly List<HeldBlock> _blocks = [];
    private HeldBlock? _current;
    private Turn? _unresolved;
    private Books? _books;
    private Amounts _debt;
    private Amounts _want;
    private Slots _held;
    private Slots _used;
    private Slots _peak;
    private long _slotsAt;
    private long _takenAt = time.GetTimestamp();
    private long _turnAt = time.GetTimestamp();

    public string Key => key;

    public Limits Limits
    {
        get;
        set
        {
            // What did not fit before may fit now.
            Short = ReferenceEquals(field, value) ? Short : null;
            field = value;
        }
    } = new([]);

    /// <summary>The last refusal, remembered briefly so that a flood of calls over the limit does not become one of reads.</summary>
    public RecentShortage? Short { get; set; }

    /// <summary>The outcome of its last write is not known; the next round begins with that.</summary>
    public bool IsUnresolved => _unresolved is not null;

    public bool Owes => !_debt.IsZero;

    public bool IsIdle(long now) =>
        _unresolved is null && _blocks.TrueForAll(b => b.IsSpent && !b.HasReport) && _held.IsZero && _used.IsZero && _debt.IsZero
        && time.GetElapsedTime(_takenAt, now) > Forgotten;

    /// <summary>
    /// Room for this in what is held. Calls that waited while the block was leased were admitted then and may have of it after its
    /// deadline, too.
    /// </summary>
    public bool CanTake(Amounts amounts, Slots slots, long now, bool waited = false) =>
        (amounts.IsZero
            || (_current is { } block && (waited || block.IsUsable(now)) && amounts.FitsIn(Amounts.Max(default, block.Free - _debt))))
        && (slots.IsZero || ((_used + slots).FitsIn(_held) && time.GetElapsedTime(_slotsAt, now).TotalMilliseconds < terms.Slots));

    /// <summary>The block that it was taken of; null when no amount was.</summary>
    public HeldBlock? Take(Amounts amounts, Slots slots, long now)
    {
        _takenAt = now;
        _used += slots;
        _peak = Slots.Max(_peak, _used);
        if (amounts.IsZero)
        {
            return null;
        }

        _current!.Take(amounts);
        return _current;
    }

    public bool TurnsLow() => _current?.TurnsLow() is true;

    /// <summary>Ends a reservation. What was used beyond it is paid from the block at hand, and else is a debt to be written.</summary>
    public void Settle(HeldBlock? block, Amounts reserved, Amounts used, long now)
    {
        Short = null;
        used = Limits.Counted(used);
        block?.Settle(reserved, Amounts.Min(reserved, used), block == _current && block.IsUsable(now));
        var debt = Amounts.Max(default, used - reserved);
        _debt += debt.IsZero || _current is null || !_current.IsUsable(now) ? debt : _current.Pay(debt);
    }

    public void Free(Slots slots) => _used -= slots;

    /// <summary>Whether there is something to write although no call waits: a debt, what calls no longer need, slots to renew.</summary>
    public bool IsDue(long now, bool drains)
    {
        var rests = drains || time.GetElapsedTime(_takenAt, now) >= Idle;
        return Owes || _unresolved is not null
            || (_current is { } block && !block.Free.IsZero && (rests || !block.IsUsable(now)))
            || (_blocks.Any(b => rests ? b.HasReport : b.HasUnused) && (drains || time.GetElapsedTime(_turnAt, now) >= Idle))
            || HoldsTooMany(rests)
            || (!_held.IsZero && (drains || time.GetElapsedTime(_slotsAt, now).TotalMilliseconds * 3 >= terms.Slots));
    }

    public void ForgetPeak() => _peak = _used;

    /// <summary>
    /// This scope's part in a write. For calls that wait the block at hand is closed, as it was too small for them; ahead of need it stays
    /// in use. A part whose outcome is not known yet goes out again as it was.
    /// </summary>
    public Turn Begin(TurnCause cause, Amounts waiting, long now)
    {
        _turnAt = now;
        _want = Appetite(cause, waiting, now);
        var isTooSmall = cause is TurnCause.Calls or TurnCause.Drain;
        if (_current is { } block && (isTooSmall || !block.IsUsable(now) || time.GetElapsedTime(_takenAt, now) >= Idle))
        {
            block.Close();
            _current = null;
        }

        // Kept are as many slots as were in use at once of late; and for calls to come some more, if the scope has many.
        var spare = cause is TurnCause.Drain ? default
            : cause is TurnCause.Due ? Slots.Max(_used, _peak) - _used
            : Slots.Max(Slots.Max(_held, _peak) - _used, new Slots((_used.Calls / 4) + 1, (_used.Streams / 4) + 1));
        spare = Slots.Max(default, spare);
        (_held, _peak) = (Slots.Min(_held, _used + spare), _used);
        var isFirst = _unresolved is null;
        _unresolved ??= NewTurn();
        return _unresolved with
        {
            Limits = Limits,
            InUse = _used,
            SpareSlots = Limits.Counted(spare),
            Want = _want,
            Known = isFirst ? _books : null,
        };
    }

    /// <summary>The write is known to have happened.</summary>
    public void Complete(Granted granted, long at)
    {
        (_unresolved, _books, _held, _slotsAt) = (null, granted.Books, granted.Slots, at);
        if (!granted.Block.Held.IsZero)
        {
            _current?.Close();
            _current = new(granted.Block.Number, granted.Block.Held, at + (long)(granted.Usable.TotalSeconds * time.TimestampFrequency));
            _blocks.Add(_current);
        }
    }

    /// <summary>Those who waited have been served.</summary>
    public void MarkSurplus() => _current?.MarkSurplus();

    public QuotaStanding? Standing(Limit limit)
    {
        if (_books?.Entity is not { } entity)
        {
            return null;
        }

        var own = _current?.Free[limit.Dimension] ?? 0;
        var charged = entity.Used(limit.Dimension, limit.Window);
        var left = limit.Amount - charged;
        var holders = Math.Max(1, entity.Leases.Length + (_blocks.Count is 0 && _held.IsZero ? 1 : 0));
        var share = Math.Max(0, own - _debt[limit.Dimension] + (left < 0 ? left : left / holders));
        var meter = entity.Meters.FirstOrDefault(m => m.Dimension == limit.Dimension && m.Window == limit.Window);
        return new(key, limit, share, Math.Max(0, charged - own + _debt[limit.Dimension]), meter?.NextFree(entity.Time) ?? entity.Time, meter?.FallsTo(0, entity.Time) ?? entity.Time);
    }

    /// <summary>Where slots are few, each idle here may be missed elsewhere; where there are many, a quarter may wait for calls.</summary>
    private bool HoldsTooMany(bool rests)
    {
        var busy = Slots.Max(_used, _peak);
        var calls = rests || Limits.Slots.Calls < Transitions.SmallestBlock ? 0 : busy.Calls / 4;
        var streams = rests || Limits.Slots.Streams < Transitions.SmallestBlock ? 0 : busy.Streams / 4;
        return !_held.FitsIn(busy + new Slots(calls + 1, streams + 1) - new Slots(calls is 0 ? 1 : 0, streams is 0 ? 1 : 0));
    }

    private Turn NewTurn()
    {
        var reports = _blocks.Where(b => b.HasReport).Select(b => b.TakeReport()).ToList();
        _blocks.RemoveAll(b => b != _current && b.IsSpent);
        var turn = new Turn(key, Limits, nextNumber(), reports, _debt);
        _debt = default;
        return turn;
    }

    /// <summary>Twice as much when the block was used up before its time, else about as much as was used in it.</summary>
    private Amounts Appetite(TurnCause cause, Amounts waiting, long now)
    {
        if (cause is TurnCause.Due or TurnCause.Drain)
        {
            return default;
        }

        var last = _current is null ? _want : _current.IsUsable(now) ? _current.Leased : _current.Leased - _current.Free;
        var basis = Amounts.Max(waiting, last);
        return Amounts.Min(basis + basis, new(Amounts.Most, Amounts.Most, Amounts.Most));
    }
}

/// <summary>Why a scope takes part in a write.</summary>
internal enum TurnCause
{
    Calls,
    Ahead,
    Due,
    Drain,
}
