using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>
/// Judges the leaves after the last full tile, at most 255. No tile says what they were, but the next record of the instance does, with its
/// <c>prev</c>, and the signed roots say whether a guess is right.
/// </summary>
internal sealed class TailJudge(IReadOnlyList<SealedLeaf> leaves, IReadOnlyList<Checkpoint> roots, Action<Finding> report)
{
    /// <summary>Tells what is wrong. Gives the leaves that are proven by the last root, and on which of the trees before them; null when nothing is.</summary>
    public (int Branch, IReadOnlyList<Sha256Hash> Leaves)? Settle(IReadOnlyList<CompactRange> branches)
    {
        var claims = Claims();
        for (var branch = 0; branch < branches.Count; branch++)
        {
            foreach (var guess in Guesses(claims))
            {
                if (FirstWrongRoot(branches[branch], guess) is null)
                {
                    TellAgainst(guess, claims);
                    return (branch, guess);
                }
            }
        }

        TellSuspects(branches[0], claims);
        return null;
    }

    // For each leaf: its hash by the prev of the next record.
    private Sha256Hash?[] Claims()
    {
        var bySequence = new Dictionary<(InstanceId, long), Sha256Hash>();
        foreach (var leaf in leaves)
        {
            if (leaf.Record is { } record)
            {
                bySequence.TryAdd((leaf.Instance, leaf.Sequence - 1), record.Previous);
            }
        }

        return [.. leaves.Select(leaf => bySequence.TryGetValue((leaf.Instance, leaf.Sequence), out var claim) ? claim : (Sha256Hash?)null)];
    }

    // What is found, with gaps filled by claims; then one claim believed over what is found; then all of them.
    private IEnumerable<IReadOnlyList<Sha256Hash>> Guesses(Sha256Hash?[] claims)
    {
        var filled = leaves.Select((leaf, i) => leaf.Found ?? claims[i]).ToArray();
        if (filled.Any(hash => hash is null))
        {
            yield break;
        }

        var found = filled.Select(hash => hash!.Value).ToArray();
        yield return found;
        var contested = Enumerable.Range(0, leaves.Count).Where(i => claims[i] is { } claim && claim != found[i]).ToArray();
        foreach (var i in contested)
        {
            yield return [.. found.Select((hash, at) => at == i ? claims[i]!.Value : hash)];
        }

        yield return [.. found.Select((hash, at) => contested.Contains(at) ? claims[at]!.Value : hash)];
    }

    private Checkpoint? FirstWrongRoot(CompactRange before, IReadOnlyList<Sha256Hash> guess)
    {
        var range = before.Copy();
        var wrong = roots.FirstOrDefault(root => root.Size == range.Size && root.Root != range.Root());
        var next = 0;
        foreach (var leaf in guess)
        {
            range.Append(leaf);
            while (next < roots.Count && roots[next].Size <= range.Size)
            {
                if (roots[next].Size == range.Size && roots[next].Root != range.Root())
                {
                    return roots[next];
                }

                next++;
            }
        }

        return wrong;
    }

    private void TellAgainst(IReadOnlyList<Sha256Hash> proven, Sha256Hash?[] claims)
    {
        for (var i = 0; i < leaves.Count; i++)
        {
            var leaf = leaves[i];
            if (leaf.Found is not null && leaf.Found != proven[i] && !leaf.IsTold)
            {
                report(leaf.Tell(FindingKind.AlteredRecord, "The record is not the one that was sealed: the next record and the signed root have another hash of it."));
            }
            else if (claims[i] is { } claim && claim != proven[i] && SuccessorOf(leaf) is { IsTold: false } next && next.Found == proven[(int)(next.Index - leaves[0].Index)])
            {
                report(next.Tell(FindingKind.BadPrevious, "Its `prev` is not the hash of the record before it."));
            }
        }
    }

    private void TellSuspects(CompactRange before, Sha256Hash?[] claims)
    {
        if (roots.Count == 0 && leaves.All(leaf => leaf.Found is not null))
        {
            TellAgainst([.. leaves.Select(leaf => leaf.Found!.Value)], claims);
            return;
        }

        var wrong = leaves.All(leaf => leaf.Found is not null) ? FirstWrongRoot(before, [.. leaves.Select(leaf => leaf.Found!.Value)]) : roots.Count > 0 ? roots[0] : null;
        if (wrong is null)
        {
            return;
        }

        // Who contradicts a neighbour; else, among the leaves that this root is the first to cover, those that no neighbour confirms.
        var contradicting = leaves.Where((leaf, i) => claims[i] is { } claim && leaf.Found is { } found && claim != found).Select(SuccessorOf).OfType<SealedLeaf>().ToArray();
        var suspects = leaves.Any(leaf => leaf.IsTold) ? []
            : contradicting.Length > 0 ? contradicting
            : leaves.Where((leaf, i) => leaf.Index >= wrong.Previous && leaf.Index < wrong.Size && claims[i] is null).ToArray();
        if (suspects is [var only])
        {
            report(only.Tell(FindingKind.AlteredRecord, "The record is not the one that was sealed: without it all others agree, with it the signed root does not come out."));
        }

        report(new(FindingKind.RootDiffers, Checkpoint.NameOf(wrong.Size), "The leaves do not give the root of this checkpoint.")
        {
            TreeIndex = wrong.Previous,
            Suspects = [.. suspects.Select(leaf => (leaf.Blob, leaf.Sequence))],
        });
    }

    private SealedLeaf? SuccessorOf(SealedLeaf leaf)
    {
        foreach (var other in leaves)
        {
            if (other.Instance == leaf.Instance && other.Sequence == leaf.Sequence + 1)
            {
                return other;
            }
        }

        return null;
    }
}
