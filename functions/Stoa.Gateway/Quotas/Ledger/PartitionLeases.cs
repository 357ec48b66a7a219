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
    private readonly Func<Round, Task<ExchangeResult>> _exchange;
    private readonly HeldScopes _held;
    private readonly RoundQueue _queue;
    private readonly TimeProvider _time;
    private readonly Action<QuotaWarning, QuotaWebhook?>? _warned;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;

    /// <param name="warned">Told of limits that are being used up; must not block.</param>
    public PartitionLeases(string partition, ulong owner, QuotaLedger ledger, LeaseTerms terms, TimeProvider time, Action<QuotaWarning, QuotaWebhook?>? warned)
    {
        // Shared by all who wait, so no caller's token: it ends by the store's own time limits.
        _exchange = round => ledger.ExchangeAsync(partition, owner, round.Turns, round.Claims, CancellationToken.None).AsTask();
        (_held, _time, _warned) = (new(this, terms, time), time, warned);
        _queue = new(_held, time);
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
            if (_queue.AddLow(ticket))
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
            if (_held.Serve(waiter, null) is { } verdict)
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
            _held.ForgetIdle();
            _queue.AddDue(cause);
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
        lock (_gate)
        {
            return _held.Standings(subject);
        }
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
        while (Next(isUp) is { } round)
        {
            var exchange = _exchange(round);
            await ((Task)exchange).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isUp = exchange.IsCompletedSuccessfully;
            if (isUp)
            {
                var result = await exchange;
                lock (_gate)
                {
                    _queue.Complete(round, result);
                }

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

    private Round? Next(bool isUp)
    {
        lock (_gate)
        {
            var round = _queue.Next(isUp);
            _isPumping = round is not null;
            return round;
        }
    }
}
