using System.Text.Json;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>A head and the version that it was read as.</summary>
internal sealed record HeldHead(SealHead Head, ETag ETag);

/// <summary>The blob <c>head</c>, outside the immutable container.</summary>
internal sealed class HeadBlob(IBlobStore blobs)
{
    /// <summary>The container for what changes.</summary>
    public const string Container = "stoa-audit-head";

    private const string Name = "head";

    /// <summary>Null when there is none.</summary>
    public async ValueTask<HeldHead?> ReadAsync(CancellationToken ct)
    {
        if (await blobs.GetAsync(Container, Name, ct) is not { } blob)
        {
            return null;
        }

        try
        {
            var head = JsonSerializer.Deserialize(blob.Content.Span, SealJson.Default.SealHead);
            return head is { Origin: not null, Tiles: not null, Instances: not null } ? new(head, blob.ETag) : throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The blob {Container}/{Name} is damaged. Delete it: it is made again from the ledger.", e);
        }
    }

    /// <summary>The head as it is now stored; null when another was faster.</summary>
    /// <param name="expected">Null to make the first.</param>
    public async ValueTask<HeldHead?> WriteAsync(SealHead head, ETag? expected, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(head, SealJson.Default.SealHead);
        var result = expected is { } version ? await blobs.ReplaceAsync(Container, Name, bytes, version, ct) : await blobs.InsertAsync(Container, Name, bytes, ct);
        return result.IsDone ? new(head, result.ETag) : null;
    }
}
