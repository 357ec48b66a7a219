using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>What a sealing did.</summary>
internal enum SealStatus
{
    /// <summary>All that was found is under a checkpoint now, if there was anything.</summary>
    Done,

    /// <summary>Another instance is at it, or was faster.</summary>
    Fenced,
}

/// <summary>How a sealing ended, and how many leaves this instance added.</summary>
internal readonly record struct SealResult(SealStatus Status, long Leaves);

/// <summary>
/// Puts records under checkpoints: plan, segment list, full tiles, checkpoint, index, head. The plan stands in the head before anything else is
/// written, and only one can put it there; after it every step is write-once and comes out the same whoever takes it, so a sealer may die
/// anywhere and the next one goes on.
/// </summary>
internal sealed class LedgerSealer(
    IBlobStore blobs, HeadBlob heads, HeadRestore restore, SealPlanner planner, SealIndex index, ICheckpointKey key, InstanceId instance, string origin,
    CheckpointAnchors? anchors, TimeProvider time, ILogger<LedgerSealer> log)
{
    /// <summary>Blobs begun so long before the last look are done with.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(48);

    /// <summary>An instance that wrote nothing for so long and did not close was killed.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(90);

    /// <summary>How far an idle look moves on where later looks begin: a little more than there is between two, whatever the clock says.</summary>
    private static readonly TimeSpan Step = 2 * SealPlanner.Lateness;

    private readonly string _holder = instance.ToString();

    /// <param name="isWide">Looks for late records too.</param>
    /// <exception cref="StorageUnavailableException">Storage or the key cannot be had; the next run goes on.</exception>
    /// <exception cref="InvalidDataException">What is stored does not fit together.</exception>
    public async ValueTask<SealResult> RunAsync(bool isWide, CancellationToken ct)
    {
        var held = await heads.ReadAsync(ct) ?? await heads.WriteAsync(await RestoreAsync(ct), expected: null, ct);
        for (var leaves = 0L; held is not null;)
        {
            var isFresh = held.Head.Plan is null;
            var (planned, isOthers) = await PlannedAsync(held, isWide, ct);
            if (isOthers)
            {
                return new(SealStatus.Fenced, leaves);
            }

            if (planned is null)
            {
                await LookedAsync(held, isWide, ct);
                return new(SealStatus.Done, leaves);
            }

            if (held.Head.Plan is null || held.Head.Plan.Holder != _holder)
            {
                // Taking over renews the time, under our name.
                held = await heads.WriteAsync(held.Head with { Plan = planned.Plan }, held.ETag, ct);
            }

            if (held is not null)
            {
                var next = await SealAsync(held.Head, planned, ct);
                leaves += planned.Leaves.Count;
                held = await heads.WriteAsync(next, held.ETag, ct);
                await AnchorAsync(next.Size, held is not null, ct);
            }

            // What another began was all that there was then.
            if (isFresh && planned.Plan.Through is not null && held is not null)
            {
                return new(SealStatus.Done, leaves);
            }
        }

        SealLog.Fenced(log);
        return new(SealStatus.Fenced, 0);
    }

    // Slots tell what clocks of instances said; those may have been ahead.
    private async ValueTask<SealHead> RestoreAsync(CancellationToken ct)
    {
        var head = await restore.RunAsync(origin, Horizon, ct);
        var latest = time.GetUtcNow() - Horizon;
        return head with { Through = Earlier(head.Through, latest), Floor = Earlier(head.Floor, latest) };
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private async ValueTask<(PlannedSeal? Planned, bool IsOthers)> PlannedAsync(HeldHead held, bool isWide, CancellationToken ct)
    {
        if (held.Head.Plan is not { } plan)
        {
            var fresh = await planner.PlanAsync(held.Head, _holder, isWide, ct);
            return fresh is not null && await IsOvertakenAsync(held, fresh.Segments, ct) ? (null, true) : (fresh, false);
        }

        var now = time.GetUtcNow();
        return plan.Holder != _holder && plan.Until > now
            ? (null, true)
            : (await planner.ResumeAsync(plan with { Holder = _holder, Until = now + SealPlanner.Hold }, ct), false);
    }

    // A head that somebody put back would have us seal records a second time, under a second history; not those of instances that came later.
    private async ValueTask<bool> IsOvertakenAsync(HeldHead held, SegmentList fresh, CancellationToken ct)
    {
        foreach (var segment in fresh.Segments)
        {
            if (await index.FindAsync(LedgerBlobName.Parse(segment.Blob).Instance, segment.FirstSequence, ct) is not null)
            {
                return (await heads.ReadAsync(ct))?.ETag != held.ETag
                    ? true
                    : throw new InvalidDataException($"The blob {HeadBlob.Container}/head is older than the ledger's checkpoints. Delete it: it is made again from them.");
            }
        }

        return false;
    }

    // Nothing was new. Where later looks begin moves on now and then, so that they stay small.
    private async ValueTask LookedAsync(HeldHead held, bool isWide, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (isWide && held.Head.Size > 0 && now - held.Head.Through > SealPlanner.Lateness)
        {
            var through = held.Head.Through == DateTimeOffset.MinValue ? now : Earlier(now, held.Head.Through + Step);
            await heads.WriteAsync(Forget(held.Head with { Through = through }), held.ETag, ct);
        }
    }

    private async ValueTask<SealHead> SealAsync(SealHead head, PlannedSeal planned, CancellationToken ct)
    {
        var size = planned.Plan.Size;
        if (size != head.Size + planned.Leaves.Count)
        {
            throw new InvalidDataException($"The plan to seal {size} leaves does not follow the checkpoint of {head.Size}.");
        }

        var tree = await new SealedTiles(blobs, head.Size, head.Tiles).UseAsync(tiles => head.Size == 0 ? new TileBuilder() : TileBuilder.Open(tiles), ct);
        await CheckAsync(head, tree.Root(), ct);
        foreach (var leaf in planned.Leaves)
        {
            tree.Append(leaf);
        }

        var list = planned.Segments.ToBytes();
        await WriteOnceAsync(SegmentList.NameOf(size), list, ct);
        foreach (var tile in tree.TakeCompleted())
        {
            await WriteOnceAsync(tile.Path.ToString(), tile.Hashes, ct);
        }

        await SignAsync(new Checkpoint(head.Origin, size, tree.Root(), SegmentList.HashOf(list), head.Size), ct);
        await IndexAsync(planned.Segments, head.Size, ct);
        SealLog.Sealed(log, planned.Leaves.Count, size);
        return Forget(head with
        {
            Size = size,
            Previous = head.Size,
            SealedAt = time.GetUtcNow(),
            Through = planned.Plan.Through is { } through && through > head.Through ? through : head.Through,
            Tiles = tree.Partial().ToDictionary(t => t.Path.ToString(), t => t.Hashes.ToArray()),
            Instances = head.Instances.Where(i => !planned.Plan.Instances.ContainsKey(i.Key)).Concat(planned.Plan.Instances).ToDictionary(),
            Plan = null,
        });
    }

    // What is signed stays for ever, and the head can be damaged or forged: the tree begins with that of the last checkpoint, or nothing is signed.
    private async ValueTask CheckAsync(SealHead head, Sha256Hash root, CancellationToken ct)
    {
        if (head.Size > 0
            && (await blobs.GetAsync(LedgerWriter.Container, Checkpoint.NameOf(head.Size), ct) is not { } blob || !SignedNote.TryParse(blob.Content.Span, out var note)
                || !Checkpoint.TryParse(note.Text, out var last) || last.Root != root))
        {
            throw new InvalidDataException($"The blob {HeadBlob.Container}/head does not give the root in {Checkpoint.NameOf(head.Size)}. Delete it: it is made again from the ledger.");
        }
    }

    private async ValueTask AnchorAsync(long size, bool isOurs, CancellationToken ct)
    {
        if (isOurs && anchors is not null && await blobs.GetAsync(LedgerWriter.Container, Checkpoint.NameOf(size), ct) is { } checkpoint)
        {
            await anchors.TellAsync(size, checkpoint.Content, ct);
        }
    }

    /// <summary>Another signature of the same checkpoint is as good as ours.</summary>
    private async ValueTask SignAsync(Checkpoint checkpoint, CancellationToken ct)
    {
        var name = Checkpoint.NameOf(checkpoint.Size);
        var note = await new NoteSigner(checkpoint.Origin, await key.PublicAsync(ct), key.SignAsync).SignAsync(checkpoint.ToText(), ct);
        if ((await blobs.InsertAsync(LedgerWriter.Container, name, note.ToBytes(), ct)).IsDone)
        {
            return;
        }

        var stored = await blobs.GetAsync(LedgerWriter.Container, name, ct) ?? throw new StorageUnavailableException($"{name} is neither written nor there.");
        if (!SignedNote.TryParse(stored.Content.Span, out var other) || other.Text != checkpoint.ToText())
        {
            throw new InvalidDataException($"{name} holds another checkpoint than what was sealed: two logs are written to one container. Nothing more is sealed until that is cleared up.");
        }
    }

    private async ValueTask WriteOnceAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        if ((await blobs.InsertAsync(LedgerWriter.Container, name, content, ct)).IsDone)
        {
            return;
        }

        var stored = await blobs.GetAsync(LedgerWriter.Container, name, ct) ?? throw new StorageUnavailableException($"{name} is neither written nor there.");
        if (!stored.Content.Span.SequenceEqual(content.Span))
        {
            throw new InvalidDataException($"{name} holds other bytes than what was sealed. Nothing more is sealed until that is cleared up.");
        }
    }

    private async ValueTask IndexAsync(SegmentList list, long first, CancellationToken ct)
    {
        foreach (var segment in list.Segments)
        {
            await index.AddAsync(new(segment, first), ct);
            first += segment.Count;
        }
    }

    // Only what lies under the floor, where no blob is looked at again, so that nothing is sealed twice.
    private static SealHead Forget(SealHead head)
    {
        var floor = head.Through > DateTimeOffset.MinValue + Horizon && head.Through - Horizon > head.Floor ? head.Through - Horizon : head.Floor;
        return head with
        {
            Floor = floor,
            Instances = head.Instances.Where(i => i.Value.BlobName.Slot is var slot && slot >= (i.Value.Closed || floor < DateTimeOffset.MinValue + Forgotten ? floor : floor - Forgotten)).ToDictionary(),
        };
    }
}

internal static partial class SealLog
{
    [LoggerMessage(5201, LogLevel.Debug, "{Leaves} audit records sealed; the checkpoint is of {Size}.")]
    public static partial void Sealed(ILogger logger, long leaves, long size);

    [LoggerMessage(5202, LogLevel.Debug, "Another instance seals the audit ledger.")]
    public static partial void Fenced(ILogger logger);

    [LoggerMessage(5203, LogLevel.Warning, "The audit ledger's checkpoints are behind: {Reason} It is tried again.")]
    public static partial void Delayed(ILogger logger, string reason);

    [LoggerMessage(5204, LogLevel.Error, "The audit ledger cannot be sealed.")]
    public static partial void Broken(ILogger logger, Exception exception);
}
