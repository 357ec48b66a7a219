using Stoa.Gateway.Audit.Records;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>Whole lines that go into one blob by one append.</summary>
/// <param name="slot">The ten minutes that its records belong to.</param>
/// <param name="beganAt">Timestamp of its first record.</param>
internal sealed class LedgerBlock(DateTimeOffset slot, long beganAt)
{
    private readonly TaskCompletionSource<bool> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateTimeOffset Slot => slot;

    public long BeganAt => beganAt;

    public LineBuffer Lines { get; } = new();

    public int Count { get; set; }

    /// <summary>True once it is durable; false when it was not in time, which says nothing about later.</summary>
    public Task<bool> Durable => _durable.Task;

    public void Settle(bool isDurable) => _durable.TrySetResult(isDurable);
}
