using System.Diagnostics.CodeAnalysis;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>What an instance holds of a tenant's scopes, and the tickets of calls that took of it. Under the partition's lock.</summary>
internal sealed class HeldScopes(PartitionLeases partition, LeaseTerms terms, TimeProvider time)
{
    private readonly Dictionary<string, ScopeLease> _scopes = new(StringComparer.Ordinal);
    private readonly Stack<Ticket> _tickets = new();

    // One count for all scopes, since one that was forgotten and comes back must go on above what its row knows.
    private long _turns;

    public IEnumerable<ScopeLease> All => _scopes.Values;

    public ScopeLease Find(ScopeLimits scope)
    {
        if (!_scopes.TryGetValue(scope.Key, out var lease))
        {
            _scopes[scope.Key] = lease = new(scope.Key, () => ++_turns, terms, time);
        }

        lease.Limits = scope.Limits;
        return lease;
    }

    public bool TryFind(string key, [NotNullWhen(true)] out ScopeLease? scope) => _scopes.TryGetValue(key, out scope);

    public void ForgetIdle()
    {
        var now = time.GetTimestamp();
        foreach (var idle in _scopes.Values.Where(s => s.IsIdle(now)).ToList())
        {
            _scopes.Remove(idle.Key);
        }
    }

    /// <summary>The scopes with something to write; for the others a new period of watching slots begins.</summary>
    public IEnumerable<ScopeLease> TakeDue(bool drains)
    {
        var now = time.GetTimestamp();
        foreach (var scope in _scopes.Values)
        {
            if (scope.IsDue(now, drains))
            {
                yield return scope;
            }
            else
            {
                scope.ForgetPeak();
            }
        }
    }

    /// <summary>Takes in all scopes or in none. In those leased for the waiting call just now, the block's deadline has no say.</summary>
    public Ticket? Take(QuotaSubject subject, in QuotaRequest request, Round? fresh)
    {
        var now = time.GetTimestamp();
        if (!CanTake(subject, request, now, fresh))
        {
            return null;
        }

        var ticket = _tickets.TryPop(out var used) ? used : new(partition);
        foreach (var limits in subject.Scopes)
        {
            var scope = Find(limits);
            var (amounts, slots) = (limits.AmountsOf(request), limits.SlotsOf(request));
            ticket.Add(new(scope, scope.Take(amounts, slots, now), amounts, slots, limits.Weight));
        }

        return ticket;
    }

    /// <summary>Puts a new reservation in the place of the old one, which is settled. False, and nothing done, without room.</summary>
    public bool TryTopUp(Ticket ticket, Waiter waiter, Round? fresh)
    {
        var now = time.GetTimestamp();
        if (!CanTake(waiter.Subject, waiter.Request, now, fresh))
        {
            return false;
        }

        Settle(ticket, waiter.UsedSoFar, now);
        foreach (ref var part in ticket.Parts)
        {
            part.Amounts = part.Scope.Limits.Counted(waiter.Request.Amounts with { Requests = waiter.Request.Amounts.Requests * part.Weight });
            part.Block = part.Scope.Take(part.Amounts, default, now);
        }

        return true;
    }

    /// <summary>Ends the ticket; true when a scope then owes what is to be written.</summary>
    public bool Close(Ticket ticket, Amounts used)
    {
        Settle(ticket, used, time.GetTimestamp());
        var owes = false;
        foreach (ref var part in ticket.Parts)
        {
            part.Scope.Free(part.Slots);
            owes |= part.Scope.Owes;
        }

        ticket.Close();
        _tickets.Push(ticket);
        return owes;
    }

    private bool CanTake(QuotaSubject subject, in QuotaRequest request, long now, Round? fresh)
    {
        foreach (var limits in subject.Scopes)
        {
            var scope = Find(limits);
            var (amounts, slots) = (limits.AmountsOf(request), limits.SlotsOf(request));
            if (!scope.CanTake(amounts, slots, now, fresh?.Scopes.Contains(scope) is true))
            {
                return false;
            }
        }

        return true;
    }

    private static void Settle(Ticket ticket, Amounts usedInAll, long now)
    {
        var used = Amounts.Max(default, usedInAll - ticket.Settled);
        ticket.Settled += used;
        foreach (ref var part in ticket.Parts)
        {
            part.Scope.Settle(part.Block, part.Amounts, used with { Requests = used.Requests * part.Weight }, now);
            (part.Block, part.Amounts) = (null, default);
        }
    }
}
