using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Keys;

public sealed class KeyRingTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeyBench _bench = new();

    [Fact]
    public async Task Two_instances_starting_at_once_end_up_with_one_ring()
    {
        _bench.Store.Before = async _ => await Task.Yield();
        var signers = Enumerable.Range(0, 8).Select(_ => new Signer(_bench.Join())).ToList();

        var tokens = await Task.WhenAll(signers.Select(s => s.SignAsync("cursor", "x"u8.ToArray(), None).AsTask()));

        Assert.Single((await _bench.FileAsync()).Keys);
        foreach (var token in tokens)
        {
            foreach (var signer in signers)
            {
                Assert.NotNull(await signer.OpenAsync("cursor", token, None));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Creation_killed_at_any_await_leaves_a_ring_that_the_next_start_can_use(bool appliesFirst)
    {
        for (var n = 1; n <= 4; n++)
        {
            var bench = new KeyBench();
            bench.Store.Reset(n, appliesFirst);
            string? token = null;
            try
            {
                token = await new Signer(bench.Join()).SignAsync("p", "x"u8.ToArray(), None);
            }
            catch (StorageUnavailableException)
            {
                Assert.True(n <= 3);
            }

            bench.Store.Reset();
            var next = new Signer(bench.Join());
            Assert.NotNull(await next.OpenAsync("p", token ?? await next.SignAsync("p", "x"u8.ToArray(), None), None));
            Assert.Single((await bench.FileAsync()).Keys);
        }
    }

    [Fact]
    public async Task A_new_key_signs_only_after_every_instance_has_had_time_to_learn_it()
    {
        var here = _bench.Join();
        var there = _bench.Join();
        await there.CurrentAsync(None);
        await here.RotateAsync(None);

        _bench.Time.Advance(KeyRing.SettlingTime - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1u, (await here.CurrentAsync(None)).Id);
        Assert.Equal(1u, (await there.CurrentAsync(None)).Id);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2u, (await here.CurrentAsync(None)).Id);
        Assert.Equal(2u, (await there.CurrentAsync(None)).Id);
    }

    [Fact]
    public async Task Rotation_is_due_after_thirty_days_and_many_who_try_add_one_key()
    {
        var rings = Enumerable.Range(0, 4).Select(_ => _bench.Join()).ToList();
        Assert.False(await rings[0].RotateIfDueAsync(None));
        _bench.Time.Advance(KeyRing.RotationAge - TimeSpan.FromSeconds(1));
        Assert.False(await rings[0].RotateIfDueAsync(None));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Store.Before = async _ => await Task.Yield();

        var added = await Task.WhenAll(rings.Select(r => Task.Run(() => r.RotateIfDueAsync(None).AsTask())));

        Assert.Single(added, done => done);
        Assert.Equal([1u, 2u], (await _bench.FileAsync()).Keys.Select(k => k.Id));
    }

    [Fact]
    public async Task Signatures_end_ninety_days_after_their_key_was_replaced_and_seals_never()
    {
        var ring = _bench.Join();
        var token = await new Signer(ring).SignAsync("p", "x"u8.ToArray(), None);
        var box = await new Sealer(ring).SealAsync("p", ["a"], "secret"u8.ToArray(), None);

        // Unreplaced, a key verifies however old it is.
        _bench.Time.Advance(TimeSpan.FromDays(200));
        Assert.NotNull(await new Signer(ring).OpenAsync("p", token, None));
        Assert.True(await ring.RotateIfDueAsync(None));
        _bench.Time.Advance(KeyRing.SettlingTime + KeyRing.VerifiesFor - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await new Signer(ring).OpenAsync("p", token, None));
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await new Signer(ring).OpenAsync("p", token, None));
        Assert.Null(await new Signer(_bench.Join()).OpenAsync("p", token, None));

        _bench.Time.Advance(TimeSpan.FromDays(3650));
        Assert.NotNull(await new Sealer(_bench.Join()).OpenAsync("p", ["a"], box, None));
    }

    [Fact]
    public async Task A_warm_ring_asks_neither_storage_nor_the_wrap()
    {
        var signer = new Signer(_bench.Join());
        var token = await signer.SignAsync("p", "x"u8.ToArray(), None);
        _bench.Store.Reset();
        var unwraps = _bench.Wrap.Unwraps;

        for (var i = 0; i < 100; i++)
        {
            var signing = signer.SignAsync("p", "x"u8.ToArray(), None);
            var opening = signer.OpenAsync("p", token, None);
            Assert.True(signing.IsCompletedSuccessfully && opening.IsCompletedSuccessfully);
        }

        Assert.Equal((0, unwraps), (_bench.Store.Operations, _bench.Wrap.Unwraps));

        // A refresh reads the blob again, but opened keys stay open.
        _bench.Time.Advance(KeyRing.RefreshInterval);
        await signer.SignAsync("p", "x"u8.ToArray(), None);
        Assert.Equal((1, unwraps), (_bench.Store.Operations, _bench.Wrap.Unwraps));
    }

    [Fact]
    public async Task A_key_added_elsewhere_is_found_by_its_id_and_forged_ids_cost_one_read_per_pause()
    {
        var there = _bench.Join();
        await there.CurrentAsync(None);
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        var here = _bench.Join();
        await here.RotateAsync(None);
        _bench.Time.Advance(TimeSpan.FromMinutes(4));

        // Still fresh there, so only the unknown id makes it look again.
        Assert.NotNull(await there.FindAsync(2, KeyUse.Open, None));
        _bench.Store.Reset();
        for (uint id = 100; id < 200; id++)
        {
            Assert.Null(await there.FindAsync(id, KeyUse.Verify, None));
        }

        Assert.Equal(0, _bench.Store.Operations);
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        for (uint id = 100; id < 200; id++)
        {
            Assert.Null(await there.FindAsync(id, KeyUse.Verify, None));
        }

        Assert.Equal(1, _bench.Store.Operations);
    }

    [Fact]
    public async Task Known_keys_go_on_working_while_storage_is_down()
    {
        var signer = new Signer(_bench.Join());
        var token = await signer.SignAsync("p", "x"u8.ToArray(), None);
        _bench.Store.IsDown = true;
        _bench.Time.Advance(TimeSpan.FromHours(3));

        Assert.NotNull(await signer.OpenAsync("p", token, None));
        Assert.NotNull(await signer.SignAsync("p", "x"u8.ToArray(), None));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _bench.Join().CurrentAsync(None));
    }

    [Fact]
    public async Task A_lost_or_damaged_ring_is_a_fault_and_is_never_replaced_silently()
    {
        var ring = _bench.Join();
        await ring.CurrentAsync(None);
        await _bench.Blobs.DeleteAsync(RingFile.Container, RingFile.Name, None);
        _bench.Time.Advance(KeyRing.RefreshInterval);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await ring.CurrentAsync(None));

        // A new instance cannot know that there was one, but whoever does will not mix the two.
        await _bench.Join().CurrentAsync(None);
        _bench.Time.Advance(KeyRing.RefreshInterval);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await ring.CurrentAsync(None));

        await _bench.Blobs.DeleteAsync(RingFile.Container, RingFile.Name, None);
        await _bench.Blobs.InsertAsync(RingFile.Container, RingFile.Name, "{\"format\":1,\"keys\":[]}"u8.ToArray(), None);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await _bench.Join().CurrentAsync(None));
    }
}
