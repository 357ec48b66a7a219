namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// The calls that wait for a tenant's scopes and the scopes that have something to write, made into one round after the other. Under the
/// partition's lock.
/// </summary>
internal sealed class RoundQueue(HeldScopes held, TimeProvider time)
{
    private readonly HashSet<ScopeLease> _low = [];
    private readonly HashSet<ScopeLease> _due = [];
    private readonly List<Waiter> _waiters = [];
    private TurnCause _cause;

    public void Add(Waiter waiter) => _waiters.Add(waiter);

    /// <summary>Notes those of the ticket's scopes that have little left; false when there is none, or it is noted.</summary>
    public bool AddLow(Ticket ticket)
    {
        var isNew = false;
        foreach (ref var part in ticket.Parts)
        {
            isNew |= part.Scope.TurnsLow() && _low.Add(part.Scope);
        }

        return isNew;
    }

    /// <summary>Notes the scopes with something to write.</summary>
    public void AddDue(TurnCause cause)
    {
        _cause = cause;
        _due.UnionWith(held.TakeDue(drains: cause is TurnCause.Drain));
    }

    /// <summary>What the next exchange is about; null when there is nothing to write and nobody waits.</summary>
    /// <param name="isUp">The last exchange went through.</param>
    public Round? Next(bool isUp)
    {
        _waiters.RemoveAll(w => w.Task.IsCompleted || (held.Serve(w, null) is { } verdict && End(w, verdict)));
        var now = time.GetTimestamp();
        var round = new Round();
        _waiters.ForEach(w => round.TryAdd(w, ScopesOf(w)));
        if (isUp)
        {
            round.AddOthers(_due, _cause);
            round.AddOthers(held.All.Where(s => s.Owes), TurnCause.Due);
            round.AddOthers(_low, TurnCause.Ahead);
        }

        // What found no place comes next, also what must wait for an earlier write; while storage is down it waits for the next flush.
        _due.RemoveWhere(s => !isUp || (round.Includes(s) && !s.IsUnresolved));
        _low.Clear();
        _waiters.RemoveAll(round.Waiters.Contains);
        return round.Begin(ScopesOf, now) ? round : null;
    }

    public void Complete(Round round, ExchangeResult result)
    {
        for (var i = 0; i < round.Scopes.Count; i++)
        {
            if (result.Turns[i] is { } granted)
            {
                round.Scopes[i].Complete(granted, result.At);
            }
        }

        var fresh = result.Turns.All(t => t is { IsFresh: true }) ? round : null;
        for (var i = 0; i < round.Waiters.Count; i++)
        {
            var waiter = round.Waiters[i];
            var shortage = result.Shortages.ElementAtOrDefault(i);
            if ((shortage is null ? held.Serve(waiter, fresh) : Refuse(waiter, shortage, result)) is { } verdict)
            {
                End(waiter, verdict);
            }
            else
            {
                // Somebody took what was to spare in a scope that this exchange did not touch, or its outcome is known in part.
                _waiters.Add(waiter);
            }
        }

        round.Scopes.ForEach(s => s.MarkSurplus());
    }

    private List<(ScopeLease, ScopeLimits)> ScopesOf(Waiter waiter) => [.. waiter.Subject.Scopes.Select(s => (held.Find(s), s))];

    /// <summary>Tells the waiter. What is given to a call that has left is free again; one that topped up settles by itself.</summary>
    private bool End(Waiter waiter, QuotaVerdict verdict)
    {
        if (!waiter.TrySetResult(verdict) && waiter.Adds == default && verdict.Reservation.Open is { } ticket)
        {
            held.Close(ticket, default);
        }

        return true;
    }

    private QuotaVerdict Refuse(Waiter waiter, Shortage shortage, ExchangeResult result)
    {
        var wait = shortage.FreeAt - result.LocalTime;
        var refusal = new QuotaRefusal(shortage, wait is { } ms ? TimeSpan.FromMilliseconds(Math.Max(1, ms)) : null);
        if (held.TryFind(shortage.Scope, out var scope))
        {
            scope.Short = RecentShortage.Of(refusal, waiter.Subject.Find(shortage.Scope).AmountsOf(waiter.Request), time.GetTimestamp());
        }

        return new(default, refusal);
    }
}
