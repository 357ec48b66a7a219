namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// What a call has reserved, until it is settled, once: settling a copy again does nothing. A value, so that a call on a held lease
/// allocates nothing.
/// </summary>
internal readonly record struct Reservation
{
    private readonly Ticket? _ticket;
    private readonly long _version;

    public Reservation(Ticket ticket) => (_ticket, _version) = (ticket, ticket.Version);

    /// <summary>The ticket, unless it has been settled (and is perhaps another call's by now). Asked under the partition's lock.</summary>
    public Ticket? Open => _ticket is { } ticket && ticket.Version == _version ? ticket : null;

    public PartitionLeases? Partition => _ticket?.Partition;
}

/// <summary>A reservation's parts, one per scope. Used again by other calls; the version tells them apart.</summary>
internal sealed class Ticket(PartitionLeases partition)
{
    private readonly TicketPart[] _parts = new TicketPart[QuotaSubject.MostScopes];
    private int _count;

    public PartitionLeases Partition => partition;

    public long Version { get; private set; }

    /// <summary>Settled already when the reservation was topped up.</summary>
    public Amounts Settled { get; set; }

    public Span<TicketPart> Parts => _parts.AsSpan(0, _count);

    public void Add(TicketPart part) => _parts[_count++] = part;

    public void Close()
    {
        Parts.Clear();
        (_count, Settled) = (0, default);
        Version++;
    }
}

/// <summary>What is reserved in one scope.</summary>
internal record struct TicketPart(ScopeLease Scope, HeldBlock? Block, Amounts Amounts, Slots Slots, long Weight);
