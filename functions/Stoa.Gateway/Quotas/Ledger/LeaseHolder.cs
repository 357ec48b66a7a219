using System.Collections.Concurrent;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// Quotas as this instance applies them: every call reserves before its work and settles after it, mostly from leased blocks, without
/// storage and without allocating. All instances together never hand out more than the limits allow. What may exceed them is what calls
/// under way use beyond their own reservations, and that is carried as a debt.
/// </summary>
/// <remarks>
/// The scopes of a call are taken together or not at all. A call counts in the window in which it is admitted. What a crashed instance
/// held stays charged until the window ends: what its calls had reserved, and at most a tenth of a limit; its slots are free after a
/// minute. While storage does not answer, held blocks and slots are handed out for as long as they last, then calls throw
/// StorageUnavailableException; the gate decides what that means. An instance that cannot renew its slots for a minute starts no more
/// calls; those under way go on.
/// </remarks>
/// <param name="owner">Names this process among all instances: random, never used again.</param>
internal sealed class LeaseHolder(QuotaLedger ledger, ulong owner, LeaseTerms terms, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PartitionLeases> _partitions = new(StringComparer.Ordinal);

    /// <summary>Told when a limit is used up as far as its owner wants to know: of all instances by one, once per window. Must not block.</summary>
    public Action<QuotaWarning, QuotaWebhook?>? Warned { get; init; }

    /// <summary>Reserves from what is held; false when that does not suffice, which says nothing about the limit.</summary>
    public bool TryReserve(QuotaSubject subject, in QuotaRequest request, out Reservation reservation) =>
        Of(subject).TryReserve(subject, request, out reservation);

    /// <summary>Reserves; completes at once when what is held suffices.</summary>
    public ValueTask<QuotaVerdict> ReserveAsync(QuotaSubject subject, in QuotaRequest request, CancellationToken ct) =>
        Of(subject).ReserveAsync(subject, request, ct);

    /// <summary>
    /// For a stream that reaches the end of what it reserved: settles <paramref name="usedSoFar"/> (in all, from the start), gives back
    /// what is left of the reservation, and reserves <paramref name="more"/> instead. Slots stay. On refusal nothing changes: the stream
    /// may use the rest of what it has, and ends.
    /// </summary>
    public ValueTask<QuotaVerdict> TopUpAsync(
        QuotaSubject subject, Reservation reservation, Amounts usedSoFar, Amounts more, CancellationToken ct) =>
        Of(subject).TopUpAsync(subject, reservation, usedSoFar, more, ct);

    /// <summary>
    /// Ends a reservation with what the call used in all; without waiting. Less than reserved is free again. More is a debt: paid from
    /// the block at hand, else written at once and charged to the windows to come.
    /// </summary>
    public void Settle(Reservation reservation, Amounts used) => reservation.Partition?.Settle(reservation, used);

    /// <summary>The numbers of all limits of a subject, as far as this instance knows them.</summary>
    public IReadOnlyList<QuotaStanding> Standings(QuotaSubject subject) => Of(subject).Standings(subject);

    /// <summary>Whether there is anything to flush, now or soon.</summary>
    public bool KnowsScopes => _partitions.Any(p => p.Value.Scopes > 0);

    /// <summary>Scopes of which this instance holds a part, or did a moment ago.</summary>
    public int Scopes => _partitions.Sum(p => p.Value.Scopes);

    /// <summary>To be called every second or so: renews slots, returns what calls no longer need.</summary>
    public Task FlushAsync() => FlushAsync(TurnCause.Due);

    /// <summary>Before the process ends, once no call is under way: returns all that is held.</summary>
    public Task DrainAsync() => FlushAsync(TurnCause.Drain);

    private Task FlushAsync(TurnCause cause) => Task.WhenAll(_partitions.Values.Select(p => p.FlushAsync(cause)));

    private PartitionLeases Of(QuotaSubject subject) =>
        _partitions.TryGetValue(subject.Partition, out var leases) ? leases
            : _partitions.GetOrAdd(subject.Partition, new PartitionLeases(subject.Partition, owner, ledger, terms, time, Warned));
}
