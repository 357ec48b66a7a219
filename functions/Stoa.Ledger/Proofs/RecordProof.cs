using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Proofs;

/// <summary>Shows to somebody who has nothing but the log's public key that a record is in the log.</summary>
/// <param name="Record">The record's line without its end: these bytes are what is proven.</param>
/// <param name="Checkpoint">The signed checkpoint, whole.</param>
internal sealed record RecordProof(string Record, long LeafIndex, long TreeSize, IReadOnlyList<Sha256Hash> Proof, string Checkpoint)
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RecordProof Make(ReadOnlySpan<byte> record, long index, long size, NodeSource nodes, ReadOnlySpan<byte> checkpoint) =>
        new(Encoding.UTF8.GetString(record), index, size, InclusionProof.Make(nodes, index, size), Encoding.UTF8.GetString(checkpoint));

    /// <summary>Whether the path leads to the checkpoint's root. Says nothing about who signed it.</summary>
    public bool LeadsToCheckpoint() =>
        SignedNote.TryParse(Encoding.UTF8.GetBytes(Checkpoint), out var note) && Checkpoints.Checkpoint.TryParse(note.Text, out var checkpoint)
        && checkpoint.Size == TreeSize && InclusionProof.Verify(MerkleHash.Leaf(Encoding.UTF8.GetBytes(Record)), LeafIndex, TreeSize, Proof, checkpoint.Root);

    /// <summary>Whether, besides, the key signed the checkpoint.</summary>
    public bool IsSignedBy(NoteKey key) =>
        LeadsToCheckpoint() && SignedNote.TryParse(Encoding.UTF8.GetBytes(Checkpoint), out var note)
        && key.Judge(note, note.Text.Split('\n')[0]) is SignatureVerdict.Good;

    /// <summary>As a JSON document: <c>record</c>, <c>leafIndex</c>, <c>treeSize</c>, <c>proof</c> (base64), <c>checkpoint</c>.</summary>
    public byte[] ToJson()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Readable))
        {
            json.WriteStartObject();
            json.WriteString("record"u8, Record);
            json.WriteNumber("leafIndex"u8, LeafIndex);
            json.WriteNumber("treeSize"u8, TreeSize);
            json.WriteStartArray("proof"u8);
            foreach (var hash in Proof)
            {
                json.WriteStringValue(hash.ToBase64());
            }

            json.WriteEndArray();
            json.WriteString("checkpoint"u8, Checkpoint);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RecordProof? proof)
    {
        proof = null;
        try
        {
            var json = JsonElement.Parse(bytes);
            var hashes = json.GetProperty("proof").EnumerateArray().Select(hash => new Sha256Hash(hash.GetBytesFromBase64())).ToArray();
            proof = new(json.GetProperty("record").GetString()!, json.GetProperty("leafIndex").GetInt64(), json.GetProperty("treeSize").GetInt64(), hashes, json.GetProperty("checkpoint").GetString()!);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            // Not JSON, or without one of these members.
        }

        return proof is not null;
    }
}
