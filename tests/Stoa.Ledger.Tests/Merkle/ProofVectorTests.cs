using System.Text.Json;
using Stoa.Ledger.Merkle;
using Stoa.Testing;

namespace Stoa.Ledger.Tests.Merkle;

/// <summary>The proof vectors of transparency-dev/merkle, good and bad, when they lie beside the repository.</summary>
public sealed class ProofVectorTests
{
    [Fact]
    public void Every_vector_is_judged_as_expected()
    {
        var file = Find();
        Assert.SkipWhen(file is null, "Needs shared/data/merkle beside the repository.");
        var counts = new Dictionary<string, int>();

        foreach (var line in System.IO.File.ReadLines(file))
        {
            var vector = JsonElement.Parse(line);
            var name = vector.GetProperty("file").GetString()!;
            Assert.True(Judge(vector) != vector.GetProperty("wantErr").GetBoolean(), name);
            var kind = name[..name.IndexOf('/', StringComparison.Ordinal)];
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        Assert.Equal(98, counts["inclusion"]);
        Assert.Equal(98, counts["consistency"]);
        Assert.Equal(204, counts["subtreeinclusion"]);
        Assert.Equal(118, counts["subtreeconsistency"]);
    }

    private static bool Judge(JsonElement vector)
    {
        long Number(string name) => checked((long)vector.GetProperty(name).GetUInt64());
        Sha256Hash Hash(string name) => HashOf(vector.GetProperty(name));
        try
        {
            Sha256Hash[] proof = vector.GetProperty("proof").ValueKind is JsonValueKind.Null ? [] : [.. vector.GetProperty("proof").EnumerateArray().Select(HashOf)];
            return (vector.TryGetProperty("leafIdx", out _), vector.TryGetProperty("start", out _)) switch
            {
                (true, false) => InclusionProof.Verify(Hash("leafHash"), Number("leafIdx"), Number("treeSize"), proof, Hash("root")),
                (true, true) => InclusionProof.VerifyInSubtree(Hash("leafHash"), Number("leafIdx"), Number("start"), Number("end"), proof, Hash("root")),
                (false, false) => ConsistencyProof.Verify(Number("size1"), Number("size2"), Hash("root1"), Hash("root2"), proof),
                _ => ConsistencyProof.VerifyForSubtree(Number("start"), Number("end"), Number("size"), Hash("root1"), Hash("root2"), proof),
            };
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            // A number beyond 63 bits: nothing that our types can hold.
            return false;
        }
    }

    // Some vectors have any bytes for hashes that do not matter; what is equal stays equal. No bytes at all are never right.
    private static Sha256Hash HashOf(JsonElement base64) => base64.GetBytesFromBase64() switch
    {
        { Length: Sha256Hash.Size } hash => new(hash),
        [] => throw new FormatException(),
        var bytes => MerkleHash.Leaf(bytes),
    };

    private static string? Find()
    {
        for (var folder = Repository.Root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, "shared", "data", "merkle", "rfc6962-proofs.jsonl");
            if (System.IO.File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
