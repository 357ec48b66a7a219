using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Audit.Sealing;

/// <summary>Whatever happens to a sealer, the log goes on, has every record once, and verifies with nothing but the public key.</summary>
public sealed class LedgerSealerTests : IDisposable
{
    private readonly SealedLedger _ledger = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Sealed_records_verify_with_the_public_key_alone()
    {
        var leaves = 0L;
        foreach (var (instance, records) in new[] { (1, 1), (2, 300), (1, 255), (3, 700), (2, 11) })
        {
            await _ledger.WriteAsync(instance, records, Ct);
            leaves += (await SealAsync(instance)).Leaves;
            _ledger.Time.Advance(TimeSpan.FromMinutes(4));
        }

        await _ledger.CloseAsync(1, Ct);
        leaves += (await SealAsync(3)).Leaves;

        Assert.Equal(1 + 300 + 255 + 700 + 11 + 3 + 1, leaves);
        Assert.Equal(leaves, (await HeadAsync()).Size);
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    [Fact]
    public async Task More_than_one_sealing_takes_goes_into_several()
    {
        await _ledger.WriteAsync(1, 500, Ct);
        await _ledger.WriteAsync(2, 20, Ct);

        Assert.Equal(522, (await _ledger.SealerOf(1, maxLeaves: 100).RunAsync(isWide: false, Ct)).Leaves);
        Assert.Equal(500, (await HeadAsync()).Previous);
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    [Fact]
    public async Task An_instance_that_writes_seals_every_minute_and_an_idle_one_does_not()
    {
        using var upkeep = new AuditUpkeep(_ledger.Writer(1), _ledger.SealerOf(1), streams: [], _ledger.Time, NullLogger<LedgerSealer>.Instance);
        await _ledger.WriteAsync(1, 5, Ct);
        await PassUntilSealedAsync(6);
        await _ledger.WriteAsync(1, 1, Ct);
        await PassUntilSealedAsync(7);

        _ledger.Store.Reset();
        _ledger.Time.Advance(TimeSpan.FromHours(1));
        await upkeep.DrainAsync(Ct);
        Assert.InRange(_ledger.Store.Operations, 1, 10);
    }

    [Fact]
    public async Task Nothing_new_writes_nothing()
    {
        await _ledger.WriteAsync(1, 5, Ct);
        await SealAsync(1);
        var before = await _ledger.Heads.ReadAsync(Ct);

        Assert.Equal(new SealResult(SealStatus.Done, 0), await SealAsync(2));
        Assert.Equal(before!.ETag, (await _ledger.Heads.ReadAsync(Ct))!.ETag);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sealer_may_die_at_any_store_call_and_another_goes_on(bool appliesFirst)
    {
        var isOver = false;
        for (var failAt = 1; !isOver; failAt++)
        {
            using var ledger = await BegunAsync();
            ledger.Store.Reset(failAt, appliesFirst);
            try
            {
                await ledger.SealerOf(1).RunAsync(isWide: false, Ct);
                isOver = ledger.Store.Operations < failAt;
            }
            catch (StorageUnavailableException)
            {
                // Here it died.
            }

            ledger.Store.Reset();
            await ledger.WriteAsync(2, 3, Ct);
            ledger.Time.Advance(TimeSpan.FromMinutes(3));

            // What the dead one began, then what came after it.
            Assert.Equal(SealStatus.Done, (await ledger.SealerOf(2).RunAsync(isWide: false, Ct)).Status);

            Assert.Equal(TotalOfBegun + 3, (await ledger.Heads.ReadAsync(Ct))!.Head.Size);
            Assert.Empty(await ledger.VerifyAsync(Ct));
            Assert.InRange(failAt, 1, 60);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_sealers_at_once_one_wins_and_the_other_is_fenced(bool isFirstSlow)
    {
        var isOver = false;
        for (var at = 1; !isOver; at++)
        {
            using var ledger = await BegunAsync();
            var other = default(SealResult?);
            var (number, isInside) = (0, false);
            ledger.Store.Before = async _ =>
            {
                if (!isInside && ++number == at)
                {
                    isInside = true;
                    ledger.Time.Advance(isFirstSlow ? TimeSpan.FromMinutes(5) : TimeSpan.Zero);
                    other = await ledger.SealerOf(2).RunAsync(isWide: false, Ct);
                    isInside = false;
                }
            };
            var first = await ledger.SealerOf(1).RunAsync(isWide: false, Ct);
            ledger.Store.Before = null;
            isOver = other is null;

            Assert.False(first.Leaves > 0 && other is { Leaves: > 0, Status: SealStatus.Done } && first.Status is SealStatus.Done, $"both sealed at call {at}");
            while ((await ledger.SealerOf(3).RunAsync(isWide: false, Ct)).Leaves > 0)
            {
                // What both left.
            }

            Assert.Equal(TotalOfBegun, (await ledger.Heads.ReadAsync(Ct))!.Head.Size);
            Assert.Empty(await ledger.VerifyAsync(Ct));
            Assert.InRange(at, 1, 60);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(256)]
    [InlineData(600)]
    public async Task A_lost_head_and_index_are_made_again(int records)
    {
        await _ledger.WriteAsync(1, records - 1, Ct);
        await SealAsync(1);
        await LoseHeadAsync();
        foreach (var row in (await _ledger.Rows.ListAsync(SealIndex.Table, new RowRange(), 1000, null, Ct)).Rows)
        {
            await _ledger.Rows.WriteAsync(SealIndex.Table, RowChange.Delete(row.Partition, row.Key, row.ETag), Ct);
        }

        await _ledger.WriteAsync(1, 10, Ct);
        await _ledger.WriteAsync(2, 1, Ct);
        Assert.Equal(12, (await SealAsync(2)).Leaves);

        Assert.Equal(records + 12, (await HeadAsync()).Size);
        Assert.NotNull(await _ledger.Index.FindAsync(new InstanceId(1), records - 1, Ct));
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    [Fact]
    public async Task An_old_head_that_was_put_back_seals_nothing_twice()
    {
        await _ledger.WriteAsync(1, 10, Ct);
        await SealAsync(1);
        var old = await HeadBlobAsync();
        await _ledger.WriteAsync(1, 10, Ct);
        await SealAsync(1);
        await PutBackAsync(old);
        await _ledger.WriteAsync(1, 10, Ct);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await SealAsync(1));
        await LoseHeadAsync();
        Assert.Equal(10, (await SealAsync(1)).Leaves);
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    // The newcomer stands before the instance that the old head would have sealed again.
    [Fact]
    public async Task An_old_head_seals_nothing_twice_behind_an_instance_that_is_new()
    {
        await _ledger.WriteAsync(2, 10, Ct);
        await SealAsync(2);
        var old = await HeadBlobAsync();
        await _ledger.WriteAsync(2, 10, Ct);
        await SealAsync(2);
        await PutBackAsync(old);
        await _ledger.WriteAsync(1, 10, Ct);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await SealAsync(1));
        await LoseHeadAsync();
        Assert.Equal(11, (await SealAsync(1)).Leaves);
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    // What is signed stays for ever, so a head that is damaged or forged must not get so far.
    [Fact]
    public async Task Nothing_is_signed_that_does_not_begin_with_the_tree_of_the_last_checkpoint()
    {
        await _ledger.WriteAsync(1, 10, Ct);
        await SealAsync(1);
        var held = (await _ledger.Heads.ReadAsync(Ct))!;
        var tiles = held.Head.Tiles.ToDictionary(t => t.Key, t => t.Value.Select((b, at) => at == 40 ? (byte)(b ^ 1) : b).ToArray());
        await _ledger.Heads.WriteAsync(held.Head with { Tiles = tiles }, held.ETag, Ct);
        await _ledger.WriteAsync(1, 10, Ct);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await SealAsync(1));
        await LoseHeadAsync();
        Assert.Equal(10, (await SealAsync(1)).Leaves);
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    [Fact]
    public async Task What_does_not_continue_a_chain_is_left()
    {
        await _ledger.WriteAsync(1, 4, Ct);
        var blob = (await _ledger.Appends.ListAsync(LedgerWriter.Container, LedgerBlobName.Folder, 10, null, Ct)).Entries.Single();
        await _ledger.Appends.AppendAsync(LedgerWriter.Container, blob.Name, "not a record\n"u8.ToArray(), blob.Length, Ct);
        await _ledger.WriteAsync(1, 4, Ct);

        Assert.Equal(9, (await SealAsync(1)).Leaves);
        var finding = Assert.Single(await _ledger.VerifyAsync(Ct), f => f.Kind is not FindingKind.UnsealedBytes);
        Assert.Equal((blob.Name, blob.Length), (finding.File, finding.Offset));
    }

    [Fact]
    public async Task Late_records_are_sealed_by_the_wide_look()
    {
        await _ledger.WriteAsync(1, 2, Ct);
        await SealAsync(1);
        _ledger.Time.Advance(TimeSpan.FromHours(5));
        await _ledger.WriteAsync(1, 2, Ct);
        await SealAsync(1);

        // Written now, into a blob of five hours ago: its instance could not reach the store.
        await AppendLateAsync(new InstanceId(77), _ledger.Time.GetUtcNow() - TimeSpan.FromHours(5));
        Assert.Equal(0, (await SealAsync(1)).Leaves);
        Assert.Equal(1, (await _ledger.SealerOf(1).RunAsync(isWide: true, Ct)).Leaves);
    }

    // What lies under the floor is never looked at again, so no single clock may decide where that is.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sealer_whose_clock_is_days_ahead_makes_nobody_s_records_too_late(bool isWide)
    {
        var ahead = new FakeTime();
        ahead.Advance(_ledger.Time.GetUtcNow() - ahead.GetUtcNow() + TimeSpan.FromDays(5));
        await _ledger.WriteAsync(1, 5, Ct);
        await _ledger.SealerOf(1, time: ahead).RunAsync(isWide, Ct);
        await _ledger.SealerOf(1, time: ahead).RunAsync(isWide, Ct);

        _ledger.Time.Advance(TimeSpan.FromMinutes(1));
        await _ledger.WriteAsync(2, 5, Ct);
        await SealAsync(2);
        await _ledger.SealerOf(2).RunAsync(isWide: true, Ct);

        Assert.Equal(12, (await HeadAsync()).Size);
        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    [Fact]
    public async Task Every_sealed_record_can_be_proven_and_no_other()
    {
        await _ledger.WriteAsync(1, 300, Ct);
        await SealAsync(1);
        await _ledger.WriteAsync(2, 30, Ct);
        await _ledger.WriteAsync(1, 5, Ct);
        await SealAsync(2);
        await _ledger.WriteAsync(1, 1, Ct);

        var key = await _ledger.Key.PublicAsync(Ct);
        var finder = new ProofFinder(_ledger.Appends, _ledger.Blobs, _ledger.Heads, _ledger.Index);
        var leaves = new HashSet<long>();
        foreach (var (instance, count) in new[] { (1, 306), (2, 31) })
        {
            for (var i = 0; i < count; i++)
            {
                var id = $"{new InstanceId((UInt128)instance)}-{i}";
                var proof = await finder.FindAsync(id, Ct);
                Assert.True(proof!.IsSignedBy(key), id);
                Assert.Contains($"\"id\":\"{id}\"", proof.Record, StringComparison.Ordinal);
                Assert.True(leaves.Add(proof.LeafIndex));
            }
        }

        Assert.Null(await finder.FindAsync($"{new InstanceId(1)}-306", Ct));
        Assert.Null(await finder.FindAsync($"{new InstanceId(9)}-0", Ct));
        Assert.Null(await finder.FindAsync("x", Ct));
    }

    private const int TotalOfBegun = 251 + 301 + 4;

    private static async Task<SealedLedger> BegunAsync()
    {
        var ledger = new SealedLedger();
        await ledger.WriteAsync(1, 250, Ct);
        await ledger.SealerOf(1).RunAsync(isWide: false, Ct);
        ledger.Time.Advance(TimeSpan.FromMinutes(11));
        await ledger.WriteAsync(2, 300, Ct);
        await ledger.WriteAsync(1, 4, Ct);
        return ledger;
    }

    private async Task PassUntilSealedAsync(long size) => await Eventually.TrueAsync(
        async () =>
        {
            _ledger.Time.Advance(TimeSpan.FromSeconds(5));
            return (await _ledger.Heads.ReadAsync(Ct))?.Head.Size == size;
        },
        TimeSpan.FromSeconds(30), "the records are sealed");

    private async Task AppendLateAsync(InstanceId instance, DateTimeOffset time)
    {
        var line = $$"""{"id":"{{instance}}-0","inst":"{{instance}}","prev":"{{new string('0', 64)}}","seq":0,"ts":"{{RecordTime.Format(time)}}","type":"open","v":1}""" + "\n";
        var name = LedgerBlobName.At(time, instance).ToString();
        await _ledger.Appends.CreateAsync(LedgerWriter.Container, name, Ct);
        await _ledger.Appends.AppendAsync(LedgerWriter.Container, name, System.Text.Encoding.UTF8.GetBytes(line), 0, Ct);
    }

    private ValueTask<SealResult> SealAsync(int instance) => _ledger.SealerOf(instance).RunAsync(isWide: false, Ct);

    private async Task<SealHead> HeadAsync() => (await _ledger.Heads.ReadAsync(Ct))!.Head;

    private async Task<Blob> HeadBlobAsync() => (await _ledger.Blobs.GetAsync(HeadBlob.Container, "head", Ct))!;

    private async Task PutBackAsync(Blob old) =>
        await _ledger.Blobs.ReplaceAsync(HeadBlob.Container, "head", old.Content, (await HeadBlobAsync()).ETag, Ct);

    private async Task LoseHeadAsync() => await _ledger.Blobs.DeleteAsync(HeadBlob.Container, "head", Ct);
}
