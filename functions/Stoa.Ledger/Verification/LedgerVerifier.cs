namespace Stoa.Ledger.Verification;

/// <summary>
/// Verifies a whole ledger from its files, reading each once. Memory grows with the number of instances, blobs and checkpoints, not with
/// that of records. Findings come as they are made, roughly in the log's order.
/// </summary>
internal sealed class LedgerVerifier(LedgerSource source, VerifyOptions options, Action<Finding> report)
{
    /// <param name="progress">Leaves done, of how many; called about a hundred times and per sealing.</param>
    public VerifySummary Run(Action<long, long>? progress, CancellationToken ct)
    {
        if (options.Keys.Count == 0)
        {
            report(new(FindingKind.SignatureUnchecked, Checkpoints.Checkpoint.Folder, "No public key was given: whoever can write these files could have made all of them."));
        }

        var book = new InstanceBook(options, report);
        book.ReadRegistry(source);
        var walk = new CheckpointWalk(source, options, report);
        var size = walk.FindSize();
        if (size == 0)
        {
            report(new(FindingKind.NoCheckpoint, Checkpoints.Checkpoint.Folder, "There is no checkpoint: nothing here is sealed."));
        }

        var surplus = new Surplus(source, report);
        var watch = new RootWatch(options.Older, report);
        var tree = new SealedTree(size, new TileStore(source, size, report), watch, report);
        var segments = new SegmentCheck(source, options, tree, book, surplus, report);
        foreach (var range in walk.Ranges(size))
        {
            if (range.Segments is { } list)
            {
                segments.Run(list.Segments, range.From, ct);
            }
            else
            {
                segments.PassHole(range.From, range.To);
            }

            if (range.Judge is { } checkpoint)
            {
                tree.Judge(checkpoint);
            }

            progress?.Invoke(range.To, size);
        }

        tree.Finish();
        watch.Judge(size, walk.Origin);
        var unsealed = new UnsealedCheck(source, options, segments, book, surplus, report);
        unsealed.Run(ct);
        book.Finish();
        return new()
        {
            Origin = walk.Origin,
            Size = size,
            Root = walk.Last?.Root,
            Checkpoints = walk.Count,
            Records = segments.Records + unsealed.Records,
            Unsealed = unsealed.Records,
            Instances = book.Count,
            Running = book.Running,
            OpenCalls = book.OpenCalls,
            Oldest = book.Oldest,
            Newest = book.Newest,
        };
    }
}
