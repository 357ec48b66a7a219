using System.Text;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Tests.Audit;

public sealed class LedgerQueueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly LedgerQueue _queue = new(new InstanceId(7));

    [Fact]
    public void The_first_record_comes_after_an_open_whose_hash_is_to_be_registered()
    {
        var (sequence, block) = Add("a");

        Assert.Equal((1, 2), (sequence, block.Count));
        var lines = Lines(block);
        Assert.Equal(MerkleHash.Leaf(lines[0]), _queue.Opening!.OpenHash);
        Assert.Contains("\"type\":\"open\"", Encoding.UTF8.GetString(lines[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_one_chain_over_blocks_and_slots()
    {
        for (var i = 0; i < 300; i++)
        {
            Add(new string('x', 1000), Noon.AddSeconds(10 * i));
        }

        _queue.Close(Noon.AddHours(1), 0);
        var chain = new ChainCheck(new InstanceId(7));
        while (_queue.Take() is { } block)
        {
            Assert.InRange(block.Lines.Length, 1, LedgerQueue.MaxBlock);
            foreach (var line in Lines(block))
            {
                Assert.True(LedgerRecord.TryParse(line, out var record, out var fault), fault);
                Assert.Equal(ChainFault.None, chain.FaultOf(record));
                Assert.Equal(block.Slot, LedgerBlobName.At(record.Time, new InstanceId(7)).Slot);
                chain.Accept(record, MerkleHash.Leaf(line));
            }

            _queue.Done();
        }

        Assert.True(chain.IsClosed);
        Assert.Equal(302, chain.Next);
        Assert.Equal(0, _queue.Bytes);
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public void A_record_that_cannot_be_written_leaves_no_trace()
    {
        Add("a");
        Assert.Equal(2, Lines(_queue.Take()!).Count);
        Assert.Throws<ArgumentException>(() => Add(new string('x', LedgerRecord.MaxBytes)));
        Assert.Throws<FormatException>(() => Add("half a pair: \ud800"));
        _queue.Done();
        Assert.True(_queue.IsEmpty);
        Assert.Null(_queue.Take());

        var (sequence, block) = Add("b");
        Assert.Throws<FormatException>(() => Add("half a pair: \ud800"));
        Add("c");
        Assert.Equal((2, 2), (sequence, block.Count));
        Assert.All(Lines(block), line => Assert.True(LedgerRecord.TryParse(line, out _, out var fault), fault));
    }

    [Fact]
    public void A_block_that_has_left_takes_no_more_records_and_stays_the_oldest()
    {
        var (_, first) = Add("a");
        Assert.Same(first, _queue.Take());
        var (_, second) = Add("b");

        Assert.NotSame(first, second);
        Assert.Same(first, _queue.Waiting.First());
        _queue.Done();
        Assert.Same(second, _queue.Waiting.First());
        Assert.Equal(second.Lines.Length, _queue.Bytes);
    }

    [Fact]
    public void A_record_that_is_too_long_is_a_fault_and_leaves_the_chain_as_it_was()
    {
        Add("a");
        var before = _queue.NextSequence;

        Assert.Throws<ArgumentException>(() => Add(new string('x', 33_000)));

        Assert.Equal(before, _queue.NextSequence);
        Add("b");
        Assert.Equal(3, Lines(_queue.Take()!).Count);
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_turn_time_around()
    {
        Add("a", Noon);
        Add("b", Noon.AddMinutes(-30));

        var lines = Lines(_queue.Take()!);

        Assert.All(lines, line => Assert.Contains("2026-01-01T12:00:00.000000Z", Encoding.UTF8.GetString(line), StringComparison.Ordinal));
    }

    [Fact]
    public void An_instance_that_wrote_nothing_has_nothing_to_close() => Assert.Null(_queue.Close(Noon, 0));

    private (long Sequence, LedgerBlock Block) Add(string text, DateTimeOffset? at = null) =>
        _queue.Add(new AuditRecord(RecordType.Note) { Target = text }, at ?? Noon, 0);

    private static List<byte[]> Lines(LedgerBlock block)
    {
        var lines = new List<byte[]>();
        var rest = block.Lines.Written;
        while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            lines.Add(rest[..end].ToArray());
            rest = rest[(end + 1)..];
        }

        Assert.True(rest.IsEmpty);
        Assert.Equal(block.Count, lines.Count);
        return lines;
    }
}
