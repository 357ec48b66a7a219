namespace Stoa.Gateway.Audit.Ledger;

/// <summary>A record that is on its way. <c>Durable</c> is false when it was not durable in time, which says nothing about later.</summary>
internal readonly record struct LedgerTicket(long Sequence, Task<bool> Durable);
