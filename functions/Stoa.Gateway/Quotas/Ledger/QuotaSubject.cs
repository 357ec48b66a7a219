namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// All scopes that a caller's calls count in, with the limits of each; made once per caller and configuration revision. Scopes of one
/// tenant share its partition, so that a call takes of all of them in one write or of none.
/// </summary>
internal sealed class QuotaSubject
{
    /// <summary>Consumer, tenant, and two shared policies.</summary>
    public const int MostScopes = 4;

    public QuotaSubject(string partition, IEnumerable<(string Key, Limits Limits)> scopes)
        : this(partition, scopes.Select(s => new ScopeLimits(s.Key, s.Limits)))
    {
    }

    public QuotaSubject(string partition, IEnumerable<ScopeLimits> scopes)
    {
        Partition = partition;
        Scopes = [.. scopes.Where(s => s.Limits.LimitsAnything)];
        if (Scopes.Length > MostScopes || Scopes.DistinctBy(s => s.Key).Count() != Scopes.Length)
        {
            throw new ArgumentException($"A call counts in at most {MostScopes} scopes, in each once.", nameof(scopes));
        }
    }

    public string Partition { get; }

    public ScopeLimits[] Scopes { get; }

    public ScopeLimits Find(string key) => Array.Find(Scopes, s => s.Key == key) ?? throw new KeyNotFoundException(key);

    /// <summary>Whether any scope limits it.</summary>
    public bool Counts(Dimension dimension) => Array.Exists(Scopes, s => s.Limits.Counts(dimension));
}

/// <summary>A scope's row key and its limits.</summary>
/// <param name="Weight">What each request of the caller counts as there.</param>
internal sealed record ScopeLimits(string Key, Limits Limits, long Weight = 1)
{
    /// <summary>What the request takes of the scope.</summary>
    public Amounts AmountsOf(in QuotaRequest request) => Limits.Counted(request.Amounts with { Requests = request.Amounts.Requests * Weight });

    public Slots SlotsOf(in QuotaRequest request) => Limits.Counted(request.Slots);
}

/// <summary>
/// What a call asks for before it starts: an upper bound of what it will use, as far as there is one, and a slot (a stream takes one of
/// each kind).
/// </summary>
internal readonly record struct QuotaRequest(Amounts Amounts, Slots Slots);

/// <summary>Granted, with a reservation to be settled; or refused, and why. Storage that cannot answer is neither: it throws.</summary>
internal readonly record struct QuotaVerdict(Reservation Reservation, QuotaRefusal? Refusal)
{
    public bool IsGranted => Refusal is null;
}

/// <summary>Which limit was in the way, and when to come back; null when no time helps, or when it takes another call to end.</summary>
internal sealed record QuotaRefusal(Shortage Shortage, TimeSpan? RetryAfter);

/// <summary>One limit's numbers as this instance knows them.</summary>
/// <param name="Share">
/// What is left, as it may be told to callers: the own block, which nobody else can take, and an equal share, among the instances that hold
/// leases, of what was free at the last exchange. Blocks of others count as used, used or not. What all instances tell of the same books
/// never adds up to more than there is. Never below zero.
/// </param>
/// <param name="Used">What is charged by the books, without what this instance itself holds for later calls. Never too little.</param>
/// <param name="MoreAt">When some of it is free again, in milliseconds since 1970 UTC.</param>
/// <param name="FullAt">When all of it is free again if nothing is taken, likewise.</param>
internal readonly record struct QuotaStanding(string Scope, Limit Limit, long Share, long Used, long MoreAt, long FullAt);
