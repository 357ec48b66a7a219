namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>What goes into one exchange: the calls that wait, in order, and the scopes where what is held does not suffice.</summary>
internal sealed class Round
{
    private const int MostWaiters = 512;

    private readonly Dictionary<ScopeLease, Demand> _demands = [];

    public List<Waiter> Waiters { get; } = [];

    public List<ScopeLease> Scopes { get; } = [];

    public List<Turn> Turns { get; } = [];

    public List<Claim> Claims { get; } = [];

    public bool Includes(ScopeLease scope) => _demands.ContainsKey(scope);

    /// <summary>Does nothing when there is no more place: the call then waits for the next round.</summary>
    public void TryAdd(Waiter waiter, IReadOnlyList<(ScopeLease Scope, ScopeLimits Limits)> scopes)
    {
        var more = scopes.Count(s => !_demands.ContainsKey(s.Scope));
        if (Waiters.Count >= MostWaiters || _demands.Count + more > QuotaLedger.MostTurns)
        {
            return;
        }

        Waiters.Add(waiter);
        foreach (var (scope, limits) in scopes)
        {
            var sum = _demands.GetValueOrDefault(scope, new(TurnCause.Calls, default, default));
            _demands[scope] = new(
                TurnCause.Calls, sum.Amounts + limits.AmountsOf(waiter.Request), sum.Slots + limits.SlotsOf(waiter.Request));
        }
    }

    public void AddOthers(IEnumerable<ScopeLease> scopes, TurnCause cause)
    {
        foreach (var scope in scopes)
        {
            if (_demands.Count < QuotaLedger.MostTurns)
            {
                _demands.TryAdd(scope, new(cause, default, default));
            }
        }
    }

    /// <summary>Settles who takes part; false when nobody does.</summary>
    public bool Begin(Func<Waiter, IReadOnlyList<(ScopeLease Scope, ScopeLimits Limits)>> scopesOf, long now)
    {
        foreach (var (scope, demand) in _demands)
        {
            // A scope with enough at hand, such as a tenant whose consumer has run out, need not be written.
            if (demand.Cause is not TurnCause.Calls || scope.Owes || !scope.CanTake(demand.Amounts, demand.Slots, now))
            {
                Scopes.Add(scope);
                Turns.Add(scope.Begin(demand.Cause, demand.Amounts, now));
            }
        }

        foreach (var waiter in Waiters)
        {
            var parts =
                from scope in scopesOf(waiter)
                let turn = Scopes.IndexOf(scope.Scope)
                where turn >= 0
                select new ClaimPart(turn, scope.Limits.AmountsOf(waiter.Request), scope.Limits.SlotsOf(waiter.Request));
            Claims.Add(new([.. parts]));
        }

        return Scopes.Count > 0;
    }

    /// <summary>Tells of the limits that the exchange has marked. Not to be called under a lock: whoever is told may do as it pleases.</summary>
    public void Warn(ExchangeResult result, Action<QuotaWarning, QuotaWebhook?>? warned)
    {
        foreach (var (turn, mark) in result.Marks)
        {
            if (Turns[turn] is { Limits.Alarm: { } alarm } marked)
            {
                warned?.Invoke(alarm.WarningOf(marked.Key, mark), alarm.Webhook);
            }
        }
    }

    private readonly record struct Demand(TurnCause Cause, Amounts Amounts, Slots Slots);
}
