using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// What this instance holds of one tenant's scopes. Calls take from it under a short lock. When it does not suffice they wait for an
/// exchange with storage that serves all who wait; one at a time is under way, so a hot key costs a writer per instance, not per call,
/// and needs no shards.
/// </summary>
internal sealed class PartitionLeases
{
    private readonly Lock _gate = new();
    private readonly HashSet<ScopeLease> _low = [];
    private readonly HashSet<ScopeLease> _due = [];
    private readonly List<Waiter> _queue = [];
    private readonly Func<Round, Task<ExchangeResult>> _exchange;
    private readonly HeldScopes _held;
    private readonly TimeProvider _time;
    private readonly Action<QuotaWarning, QuotaWebhook?>? _warned;
    private TurnCause _flush;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;

    /// <param name="warned">Told of limits that are being used up; must not block.</param>
    public PartitionLeases(string partition, ulong owner, QuotaLedger ledger, LeaseTerms terms, TimeProvider time, Action<QuotaWarning, QuotaWebhook?>? warned)
    {
        // Shared by all who wait, so no caller's token: it ends by the store's own time limits.
        _exchange = round => ledger.ExchangeAsync(partition, owner, round.Turns, round.Claims, CancellationToken.None).AsTask();
        (_held, _time, _warned) = (new(this, terms, time), time, warned);
    }

    /// <summary>Reserves from what is held; false when that does not suffice, which says nothing about the limit.</summary>
    public bool TryReserve(QuotaSubject subject, in QuotaRequest request, out Reservation reservation)
    {
        lock (_gate)
        {
            if (_held.Take(subject, request, null) is not { } ticket)
            {
                reservation = default;
                return false;
            }

            reservation = new(ticket);
            var isLow = false;
            foreach (ref var part in ticket.Parts)
            {
                isLow |= part.Scope.TurnsLow() && _low.Add(part.Scope);
            }

            if (isLow)
            {
                Pump();
            }

            return true;
        }
    }

    /// <summary>Reserves from what is held or, when that does not suffice, from storage.</summary>
    public ValueTask<QuotaVerdict> ReserveAsync(QuotaSubject subject, in QuotaRequest request, CancellationToken ct)
    {
        if (TryReserve(subject, request, out var reservation))
        {
            return new(new QuotaVerdict(reservation, null));
        }

        Amounts.Check(request.Amounts);
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            foreach (var scope in subject.Scopes)
            {
                if (_held.Find(scope).Short is { } recent && recent.GoesFor(scope.AmountsOf(request), scope.SlotsOf(request), _time.GetElapsedTime(recent.Since, now)))
                {
                    return new(new QuotaVerdict(default, recent.Refusal));
                }
            }
        }

        return new(WaitAsync(new(subject, request, default), ct));
    }

    /// <summary>See <see cref="LeaseHolder.TopUpAsync"/>.</summary>
    public ValueTask<QuotaVerdict> TopUpAsync(
        QuotaSubject subject, Reservation reservation, Amounts usedSoFar, Amounts more, CancellationToken ct)
    {
        Amounts.Check(more);
        var waiter = new Waiter(subject, new(more, default), reservation) { UsedSoFar = usedSoFar };
        lock (_gate)
        {
            if (Serve(waiter, null) is { } verdict)
            {
                return new(verdict);
            }
        }

        return new(WaitAsync(waiter, ct));
    }

    /// <summary>Ends a reservation with what the call used in all. A debt that the held blocks cannot pay is written at once.</summary>
    public void Settle(Reservation reservation, Amounts used)
    {
        lock (_gate)
        {
            if (reservation.Open is { } ticket && _held.Close(ticket, used))
            {
                Pump();
            }
        }
    }

    /// <summary>Writes what is due, and forgets scopes that nothing is held of. Ends when no exchange is under way any more.</summary>
    public Task FlushAsync(TurnCause cause)
    {
        lock (_gate)
        {
            _flush = cause;
            _held.ForgetIdle();
            _due.UnionWith(_held.TakeDue(drains: cause is TurnCause.Drain));
            Pump();
            return _pump;
        }
    }

    public int Scopes
    {
        get
        {
            lock (_gate)
            {
                return _held.All.Count();
            }
        }
    }

    public IReadOnlyList<QuotaStanding> Standings(QuotaSubject subject)
    {
        var standings = new List<QuotaStanding>();
        lock (_gate)
        {
            foreach (var scope in subject.Scopes)
            {
                foreach (var limit in scope.Limits.Windows)
                {
                    if (_held.TryFind(scope.Key, out var held) && held.Standing(limit) is { } standing)
                    {
                        standings.Add(standing);
                    }
                }
            }
        }

        return standings;
    }

    private List<(ScopeLease, ScopeLimits)> ScopesOf(Waiter waiter) => [.. waiter.Subject.Scopes.Select(s => (_held.Find(s), s))];

    /// <summary>Gives the waiter what it wants from what is held; null when that does not suffice.</summary>
    private QuotaVerdict? Serve(Waiter waiter, Round? fresh)
    {
        if (waiter.Adds == default)
        {
            return _held.Take(waiter.Subject, waiter.Request, fresh) is { } taken ? new QuotaVerdict(new(taken), null) : null;
        }

        // Settled meanwhile: there is nothing to add to, and nothing more that the call could use.
        return waiter.Adds.Open is not { } ticket || _held.TryTopUp(ticket, waiter, fresh) ? new QuotaVerdict(waiter.Adds, null) : null;
    }

    /// <summary>Tells the waiter. What is given to a call that has left is free again; one that topped up settles by itself.</summary>
    private bool End(Waiter waiter, QuotaVerdict verdict)
    {
        if (!waiter.TrySetResult(verdict) && waiter.Adds == default && verdict.Reservation.Open is not null)
        {
            Settle(verdict.Reservation, default);
        }

        return true;
    }

    private async Task<QuotaVerdict> WaitAsync(Waiter waiter, CancellationToken ct)
    {
        using var gone = ct.Register(static (w, token) => ((Waiter)w!).TrySetCanceled(token), waiter);
        lock (_gate)
        {
            _queue.Add(waiter);
            Pump();
        }

        return await waiter.Task;
    }

    /// <summary>Starts exchanges unless they are under way; the lock is held.</summary>
    private void Pump()
    {
        if (!_isPumping)
        {
            _isPumping = true;
            _pump = PumpAsync();
        }
    }

    private async Task PumpAsync()
    {
        // Not under the lock of whoever starts it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var isUp = true;
        while (NextRound(isUp) is { } round)
        {
            var exchange = _exchange(round);
            await ((Task)exchange).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isUp = exchange.IsCompletedSuccessfully;
            if (isUp)
            {
                var result = await exchange;
                Complete(round, result);
                round.Warn(result, _warned);
            }
            else
            {
                // What there was to report goes out again with the next exchange, which finds out whether this one got through.
                round.Waiters.ForEach(w => w.TrySetException(
                    exchange.Exception?.InnerException ?? new StorageUnavailableException("The quota's storage did not answer.")));
            }
        }
    }

    private Round? NextRound(bool isUp)
    {
        lock (_gate)
        {
            _queue.RemoveAll(w => w.Task.IsCompleted || (Serve(w, null) is { } verdict && End(w, verdict)));
            var now = _time.GetTimestamp();
            var round = new Round();
            _queue.ForEach(w => round.TryAdd(w, ScopesOf(w)));
            if (isUp)
            {
                round.AddOthers(_due, _flush);
                round.AddOthers(_held.All.Where(s => s.Owes), TurnCause.Due);
                round.AddOthers(_low, TurnCause.Ahead);
            }

            // What found no place comes next, also what must wait for an earlier write; while storage is down it waits for the next flush.
            _due.RemoveWhere(s => !isUp || (round.Includes(s) && !s.IsUnresolved));
            _low.Clear();
            _queue.RemoveAll(round.Waiters.Contains);
            _isPumping = round.Begin(ScopesOf, now);
            return _isPumping ? round : null;
        }
    }

    private void Complete(Round round, ExchangeResult result)
    {
        lock (_gate)
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
                if ((shortage is null ? Serve(waiter, fresh) : Refuse(waiter, shortage, result)) is { } verdict)
                {
                    End(waiter, verdict);
                }
                else
                {
                    // Somebody took what was to spare in a scope that this exchange did not touch, or its outcome is known in part.
                    _queue.Add(waiter);
                }
            }

            round.Scopes.ForEach(s => s.MarkSurplus());
        }
    }

    private QuotaVerdict Refuse(Waiter waiter, Shortage shortage, ExchangeResult result)
    {
        var wait = shortage.FreeAt - result.LocalTime;
        var refusal = new QuotaRefusal(shortage, wait is { } ms ? TimeSpan.FromMilliseconds(Math.Max(1, ms)) : null);
        if (_held.TryFind(shortage.Scope, out var scope))
        {
            scope.Short = RecentShortage.Of(refusal, waiter.Subject.Find(shortage.Scope).AmountsOf(waiter.Request), _time.GetTimestamp());
        }

        return new(default, refusal);
    }
}
