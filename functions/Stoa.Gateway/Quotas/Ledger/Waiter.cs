namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>A call, or one that tops up, until an exchange has decided on it or it has left. Whoever completes it first wins.</summary>
internal sealed class Waiter(QuotaSubject subject, QuotaRequest request, Reservation adds)
    : TaskCompletionSource<QuotaVerdict>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public QuotaSubject Subject => subject;

    public QuotaRequest Request => request;

    /// <summary>The reservation that is to be topped up, if it is about one.</summary>
    public Reservation Adds => adds;

    public Amounts UsedSoFar { get; init; }
}

/// <summary>A refusal that for a moment also goes for other calls that want as much.</summary>
internal sealed record RecentShortage(QuotaRefusal Refusal, Amounts Amounts, long Since, TimeSpan Lasts)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    /// <param name="amounts">What was wanted of the scope.</param>
    public static RecentShortage Of(QuotaRefusal refusal, Amounts amounts, long now) =>
        new(refusal, amounts, now, refusal.RetryAfter < Longest ? refusal.RetryAfter.Value : Longest);

    public bool GoesFor(Amounts amounts, Slots slots, TimeSpan age) => age < Lasts && Refusal.Shortage switch
    {
        { Limit: { } limit } => amounts[limit.Dimension] >= Amounts[limit.Dimension],
        { Slot: SlotKind.Call } => slots.Calls > 0,
        { Slot: SlotKind.Stream } => slots.Streams > 0,
        _ => true,
    };
}
