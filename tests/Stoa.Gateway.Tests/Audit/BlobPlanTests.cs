using Stoa.Gateway.Audit.Ledger;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Tests.Audit;

public sealed class BlobPlanTests
{
    private static readonly DateTimeOffset Slot = new(2026, 1, 2, 3, 40, 0, TimeSpan.Zero);
    private readonly BlobPlan _plan = new(new InstanceId(255));

    [Fact]
    public void Each_slot_has_a_blob_that_begins_empty()
    {
        _plan.TurnTo(Slot);
        Assert.Equal($"ledger/2026/01/02/03/40/{new string('0', 30)}ff-0.jsonl", _plan.Name);
        _plan.Created();
        _plan.Appended(100);
        _plan.TurnTo(Slot);
        Assert.Equal((100, true), (_plan.Position, _plan.IsCreated));

        _plan.TurnTo(Slot.AddMinutes(10));
        Assert.Equal((0, false), (_plan.Position, _plan.IsCreated));
        Assert.EndsWith("/03/50/000000000000000000000000000000ff-0.jsonl", _plan.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blob_is_left_well_before_the_store_s_limit_of_blocks()
    {
        _plan.TurnTo(Slot);
        _plan.Created();
        for (var i = 0; i < BlobPlan.MaxBlocks; i++)
        {
            _plan.TurnTo(Slot);
            _plan.Appended(1);
        }

        Assert.EndsWith("-0.jsonl", _plan.Name, StringComparison.Ordinal);
        _plan.TurnTo(Slot);
        Assert.EndsWith("-1.jsonl", _plan.Name, StringComparison.Ordinal);
        Assert.Equal((0, false), (_plan.Position, _plan.IsCreated));
    }

    [Fact]
    public void A_blob_that_is_of_no_use_is_followed_by_another_of_the_same_slot()
    {
        _plan.TurnTo(Slot);
        _plan.Skip();
        _plan.TurnTo(Slot);
        Assert.EndsWith("/03/40/000000000000000000000000000000ff-1.jsonl", _plan.Name, StringComparison.Ordinal);
    }
}
