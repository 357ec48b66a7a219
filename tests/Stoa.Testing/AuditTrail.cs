using System.Text.Json;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Testing;

/// <summary>
/// The audit ledger as a stranger reads it: every record of every instance, each line held against the format and each chain followed from
/// its <c>open</c>. A record that is wrong, missing or there twice throws.
/// </summary>
internal sealed class AuditTrail
{
    private AuditTrail(IReadOnlyList<JsonElement> records, string text) => (Records, Text) = (records, text);

    /// <summary>In the order of blobs and lines.</summary>
    public IReadOnlyList<JsonElement> Records { get; }

    /// <summary>All bytes of all blobs.</summary>
    public string Text { get; }

    public IEnumerable<JsonElement> Of(string type) => Records.Where(r => r.GetProperty("type").GetString() == type);

    /// <summary>The records of one trace, in order.</summary>
    public IReadOnlyList<JsonElement> OfTrace(string trace) => [.. Records.Where(r => r.TryGetProperty("trace", out var t) && t.GetString() == trace)];

    /// <param name="mayBeTorn">Whether the end of a blob may be half a line, as a killed process leaves it in a file.</param>
    public static async Task<AuditTrail> ReadAsync(IAppendStore store, CancellationToken ct, bool mayBeTorn = false)
    {
        var records = new List<JsonElement>();
        var text = new System.Text.StringBuilder();
        var chains = new Dictionary<InstanceId, ChainCheck>();
        foreach (var blob in await BlobsAsync(store, ct))
        {
            var rest = (await store.ReadAsync(LedgerWriter.Container, blob.Name, 0, 32 * 1024 * 1024, ct))!.Value;
            text.Append(System.Text.Encoding.UTF8.GetString(rest.Span));
            while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                records.Add(Take(blob.Name, rest[..end], chains));
                rest = rest[(end + 1)..];
            }

            if (!rest.IsEmpty && !mayBeTorn)
            {
                throw new InvalidDataException($"{blob.Name} ends in half a line.");
            }
        }

        return new(records, text.ToString());
    }

    private static async Task<IReadOnlyList<BlobEntry>> BlobsAsync(IAppendStore store, CancellationToken ct)
    {
        var blobs = new List<BlobEntry>();
        string? next = null;
        do
        {
            var page = await store.ListAsync(LedgerWriter.Container, LedgerBlobName.Folder, 1000, next, ct);
            blobs.AddRange(page.Entries);
            next = page.Continuation;
        }
        while (next is not null);
        return blobs;
    }

    private static JsonElement Take(string blob, ReadOnlyMemory<byte> line, Dictionary<InstanceId, ChainCheck> chains)
    {
        if (!LedgerRecord.TryParse(line.Span, out var record, out var fault))
        {
            throw new InvalidDataException($"{blob}: {fault}: {System.Text.Encoding.UTF8.GetString(line.Span)}");
        }

        if (!LedgerBlobName.TryParse(blob, out var name) || name.Instance != record.Instance || LedgerBlobName.At(record.Time, record.Instance).Slot != name.Slot)
        {
            throw new InvalidDataException($"{blob} holds a record of another instance or time.");
        }

        var chain = chains.TryGetValue(record.Instance, out var known) ? known : new ChainCheck(record.Instance);
        if (chain.FaultOf(record) is not ChainFault.None and var broken)
        {
            throw new InvalidDataException($"{blob}: record {record.Sequence}: {broken}.");
        }

        chain.Accept(record, MerkleHash.Leaf(line.Span));
        chains[record.Instance] = chain;
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
