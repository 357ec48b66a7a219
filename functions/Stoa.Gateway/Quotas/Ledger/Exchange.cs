namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// What one write would make of the books of several scopes, all judged at one moment: settle, then admit the waiting calls first come
/// first served, each in all its scopes or in none, then lease what they need and some more. Pure.
/// </summary>
/// <param name="Marks">Limits that this write marks as warned of, by the index of their turn.</param>
internal sealed record Exchange(
    IReadOnlyList<QuotaEntity> Entities, IReadOnlyList<bool> Changed, IReadOnlyList<Shortage?> Shortages, IReadOnlyList<(int Turn, LimitMark Mark)> Marks)
{
    public static Exchange Of(
        long now, ulong owner, IReadOnlyList<QuotaEntity> before, IReadOnlyList<Turn> turns, IReadOnlyList<Claim> claims, LeaseTerms terms)
    {
        var scopes = new Desk[turns.Count];
        for (var i = 0; i < scopes.Length; i++)
        {
            scopes[i] = new(before[i].Advance(now).Report(owner, turns[i].Reports, turns[i].Debt, turns[i].Limits), turns[i], owner);
        }

        var shortages = new Shortage?[claims.Count];
        for (var i = 0; i < shortages.Length; i++)
        {
            shortages[i] = Admit(scopes, claims[i]);
        }

        var changed = scopes.Select(s => s.HasBusiness).ToList();
        var marks = new List<(int, LimitMark)>();
        var after = new QuotaEntity[scopes.Length];
        for (var i = 0; i < after.Length; i++)
        {
            after[i] = changed[i] ? Warn(scopes[i].Grant(terms), turns[i].Limits, i, marks) : scopes[i].Entity;
        }

        return new(after, changed, shortages, marks);
    }

    private static QuotaEntity Warn(QuotaEntity entity, Limits limits, int turn, List<(int, LimitMark)> all)
    {
        if (limits.Alarm is null)
        {
            return entity;
        }

        var marks = new List<LimitMark>();
        entity = entity.Warn(limits, marks);
        marks.ForEach(m => all.Add((turn, m)));
        return entity;
    }

    private static Shortage? Admit(Desk[] scopes, Claim claim)
    {
        foreach (var part in claim.Parts)
        {
            if (scopes[part.Turn].Missing(part) is { } shortage)
            {
                return shortage;
            }
        }

        foreach (var part in claim.Parts)
        {
            scopes[part.Turn].Admit(part);
        }

        return null;
    }

    /// <summary>One scope while its calls are being admitted.</summary>
    private sealed class Desk(QuotaEntity entity, Turn turn, ulong owner)
    {
        private readonly Amounts _room = entity.Room(turn.Limits);
        private readonly Slots _slotRoom = entity.SlotRoom(turn.Limits, owner) - turn.InUse;
        private readonly bool _isCrowded = entity.LeaseOf(owner) is null && entity.Leases.Length >= QuotaEntity.MostLeases;
        private Amounts _need;
        private Amounts _largest;
        private Slots _needSlots;

        public QuotaEntity Entity => entity;

        /// <summary>Something to store. Reports to a lease that is gone are nothing: what they were about stays charged.</summary>
        public bool HasBusiness =>
            !_isCrowded
                && (entity.LeaseOf(owner) is not null || !_need.IsZero || !turn.Want.IsZero || !(turn.InUse + _needSlots).IsZero)
            || !turn.Debt.IsZero;

        public QuotaEntity Grant(LeaseTerms terms)
        {
            var ask = new Ask
            {
                Owner = owner,
                Number = turn.Number,
                Need = _need,
                Largest = _largest,
                Want = turn.Want,
                InUse = turn.InUse,
                NeedSlots = _needSlots,
                SpareSlots = turn.SpareSlots,
                KeepsMark = !turn.Debt.IsZero,
            };
            return entity.Grant(ask, turn.Limits, terms) ?? entity;
        }

        public void Admit(ClaimPart part)
        {
            _need += part.Amounts;
            _largest = Amounts.Max(_largest, part.Amounts);
            _needSlots += part.Slots;
        }

        public Shortage? Missing(ClaimPart part)
        {
            if (_isCrowded)
            {
                var firstEnd = entity.Leases.Min(l => l.Until);
                return new(turn.Key, null, 0, firstEnd) { Slot = SlotKind.Instance, Allowed = QuotaEntity.MostLeases };
            }

            // A debt in what the call does not ask for does not concern it.
            var left = _slotRoom - _needSlots;
            return part.Slots.Calls > Math.Max(0, left.Calls)
                    ? new(turn.Key, null, left.Calls, null) { Slot = SlotKind.Call, Allowed = turn.Limits.Slots.Calls }
                : part.Slots.Streams > Math.Max(0, left.Streams)
                    ? new(turn.Key, null, left.Streams, null) { Slot = SlotKind.Stream, Allowed = turn.Limits.Slots.Streams }
                : part.Amounts.FitsIn(Amounts.Max(default, _room - _need)) ? null
                : Tightest(part.Amounts);
        }

        /// <summary>Of the limits that do not fit, the one that takes longest to.</summary>
        private Shortage Tightest(Amounts amounts)
        {
            Shortage? worst = null;
            foreach (var limit in turn.Limits.Windows)
            {
                var stored = entity.Meters.FirstOrDefault(m => m.Dimension == limit.Dimension && m.Window == limit.Window);
                var meter = (stored ?? new(limit.Dimension, limit.Window, [])).Add(entity.Time, _need[limit.Dimension]);
                var most = turn.Limits.MostOf(limit);
                var left = most - meter.Used(entity.Time);
                var amount = amounts[limit.Dimension];
                if (amount > Math.Max(0, left))
                {
                    var freeAt = amount > most ? (long?)null : meter.FallsTo(most - amount, entity.Time);
                    var shortage = new Shortage(turn.Key, limit, left, freeAt) { Allowed = limit.Amount };
                    worst = worst is null || (worst.FreeAt is { } known && !(shortage.FreeAt <= known)) ? shortage : worst;
                }
            }

            return worst ?? throw new InvalidOperationException("Nothing is short.");
        }
    }
}
