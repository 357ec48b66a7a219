using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Tests.Merkle;

/// <summary>Trees of every small size: roots, and proofs made and verified, against the definitions.</summary>
public sealed class TreeTests
{
    private const int Sizes = 40;

    private static readonly Sha256Hash[] Leaf = Leaves.Hashes(Sizes);

    // RFC 6962 gives no vectors; these are those of its reference implementation, for leaves "", 00, 10, 2021, 3031, 40414243, ...
    [Fact]
    public void Roots_are_those_of_certificate_transparency()
    {
        string[] inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        string[] roots =
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];

        var range = new CompactRange();
        foreach (var (input, root) in inputs.Zip(roots))
        {
            range.Append(MerkleHash.Leaf(Convert.FromHexString(input)));
            Assert.Equal(root, range.Root().ToString());
        }

        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new CompactRange().Root().ToString());
    }

    [Fact]
    public void A_range_grows_to_the_root_and_opens_anywhere()
    {
        var range = new CompactRange();
        for (var n = 0; n < Sizes; n++)
        {
            Assert.Equal(Leaves.Root(Leaf.AsSpan(0, n)), range.Root());
            Assert.Equal(range.Root(), CompactRange.Of(n, Leaves.Nodes(Leaf)).Root());
            Assert.Equal(range.Root(), MerkleTreeHash.Of(Leaves.Nodes(Leaf), 0, n));
            range.Append(Leaf[n]);
        }
    }

    [Fact]
    public void Inclusion_proofs_hold_for_their_leaf_and_no_other()
    {
        for (var n = 1; n <= Sizes; n++)
        {
            var root = Leaves.Root(Leaf.AsSpan(0, n));
            for (var i = 0; i < n; i++)
            {
                var proof = InclusionProof.Make(Leaves.Nodes(Leaf), i, n);
                Assert.True(InclusionProof.Verify(Leaf[i], i, n, proof, root));
                Assert.All(Enumerable.Range(0, n).Where(j => j != i), j => Assert.False(InclusionProof.Verify(Leaf[i], j, n, proof, root)));
                Assert.All(Worsened(proof), worse => Assert.False(InclusionProof.Verify(Leaf[i], i, n, worse, root)));
                Assert.False(InclusionProof.Verify(Leaf[(i + 1) % Sizes], i, n, proof, root));
            }
        }
    }

    [Fact]
    public void Consistency_proofs_hold_for_their_sizes_and_no_others()
    {
        for (var n = 1; n <= Sizes; n++)
        {
            var root2 = Leaves.Root(Leaf.AsSpan(0, n));
            for (var m = 1; m <= n; m++)
            {
                var root1 = Leaves.Root(Leaf.AsSpan(0, m));
                var proof = ConsistencyProof.Make(Leaves.Nodes(Leaf), m, n);
                Assert.True(ConsistencyProof.Verify(m, n, root1, root2, proof));
                Assert.False(ConsistencyProof.Verify(m, n, MerkleHash.Leaf([7]), root2, proof));
                Assert.All(Worsened(proof), worse => Assert.False(ConsistencyProof.Verify(m, n, root1, root2, worse)));
                Assert.Equal(m == n, proof.Count == 0);
            }
        }
    }

    [Fact]
    public void Subtree_proofs_hold_in_both_directions()
    {
        var proven = 0;
        for (var n = 1; n <= Sizes; n++)
        {
            var root = Leaves.Root(Leaf.AsSpan(0, n));
            for (var start = 0; start < n; start++)
            {
                for (var end = start + 1; end <= n; end++)
                {
                    if (!MerkleTreeHash.IsSubtree(start, end))
                    {
                        continue;
                    }

                    var subtree = Leaves.Root(Leaf.AsSpan(start, end - start));
                    var proof = ConsistencyProof.MakeForSubtree(Leaves.Nodes(Leaf), start, end, n);
                    Assert.True(ConsistencyProof.VerifyForSubtree(start, end, n, subtree, root, proof), $"[{start}, {end}) of {n}");
                    Assert.False(ConsistencyProof.VerifyForSubtree(start, end, n, MerkleHash.Leaf([7]), root, proof));
                    Assert.All(Worsened(proof), worse => Assert.False(ConsistencyProof.VerifyForSubtree(start, end, n, subtree, root, worse)));
                    var path = InclusionProof.MakeInSubtree(Leaves.Nodes(Leaf), start, start, end);
                    Assert.True(InclusionProof.VerifyInSubtree(Leaf[start], start, start, end, path, subtree));
                    proven++;
                }
            }
        }

        Assert.True(proven > 1000);
    }

    // A hash changed, one too few, one too many.
    private static IEnumerable<IReadOnlyList<Sha256Hash>> Worsened(IReadOnlyList<Sha256Hash> proof)
    {
        for (var i = 0; i < proof.Count; i++)
        {
            yield return [.. proof.Select((hash, at) => at == i ? MerkleHash.Node(hash, hash) : hash)];
            yield return [.. proof.Where((_, at) => at != i)];
        }

        yield return [.. proof, MerkleHash.Empty];
    }
}
