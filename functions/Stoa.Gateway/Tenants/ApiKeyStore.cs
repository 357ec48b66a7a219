using System.Text;
using System.Text.Json;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tenants;

/// <summary>
/// API keys in rows: the authoritative one under the key's hash, so that the hot path needs one read, and an index row per consumer for
/// listing. The index row is written first: a crash between the two leaves a name without a key, never a key without a name.
/// </summary>
internal sealed class ApiKeyStore(IRowStore rows, TimeProvider time)
{
    public const string Table = "StoaKeys";

    private const string KeyRow = "key";

    /// <summary>The key with this hash, or null.</summary>
    public async ValueTask<ApiKey?> FindAsync(string hash, CancellationToken ct) =>
        await rows.GetAsync(Table, hash, KeyRow, ct) is { } row ? Read(row) : null;

    /// <summary>Stores a new key under the hash of its secret.</summary>
    public async ValueTask CreateAsync(ApiKey key, string hash, CancellationToken ct)
    {
        await rows.WriteAsync(Table, RowChange.Insert(IndexOf(key.Tenant, key.ConsumerUid), key.Id, Encoding.UTF8.GetBytes(hash)), ct);
        var written = await rows.WriteAsync(Table, RowChange.Insert(hash, KeyRow, Write(key)), ct);
        if (!written.IsDone)
        {
            throw new StorageUnavailableException("The new key could not be stored. Nothing was issued; try again.");
        }
    }

    /// <summary>All keys of a consumer, oldest first; revoked and expired ones included.</summary>
    public async ValueTask<IReadOnlyList<(string Hash, ApiKey Key)>> ListAsync(string tenant, string consumerUid, CancellationToken ct)
    {
        var found = new List<(string, ApiKey)>();
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(Table, new RowRange(IndexOf(tenant, consumerUid)), 100, continuation, ct);
            foreach (var row in page.Rows)
            {
                var hash = Encoding.UTF8.GetString(row.Value.Span);
                if (await FindAsync(hash, ct) is { } key)
                {
                    found.Add((hash, key));
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        found.Sort((a, b) => a.Item2.CreatedAt.CompareTo(b.Item2.CreatedAt));
        return found;
    }

    /// <summary>Changes a stored key by compare-and-swap; null when there is none. The change must be safe to run again on a newer version.</summary>
    public async ValueTask<ApiKey?> UpdateAsync(string hash, Func<ApiKey, ApiKey> change, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            if (await rows.GetAsync(Table, hash, KeyRow, ct) is not { } row)
            {
                return null;
            }

            var changed = change(Read(row));
            var written = await rows.WriteAsync(Table, RowChange.Replace(hash, KeyRow, Write(changed), row.ETag), ct);
            if (written.IsDone)
            {
                return changed;
            }
        }

        throw new StorageUnavailableException("The key is being changed by others. Try again.");
    }

    /// <summary>Revokes every live key of a consumer; how many there were.</summary>
    public async ValueTask<int> RevokeAllAsync(string tenant, string consumerUid, CancellationToken ct)
    {
        var revoked = 0;
        foreach (var (hash, key) in await ListAsync(tenant, consumerUid, ct))
        {
            if (key.RevokedAt is null)
            {
                await UpdateAsync(hash, k => k with { RevokedAt = k.RevokedAt ?? time.GetUtcNow() }, ct);
                revoked++;
            }
        }

        return revoked;
    }

    private static string IndexOf(string tenant, string consumerUid) => $"{tenant}--{consumerUid}";

    private static ApiKey Read(Row row) => JsonSerializer.Deserialize(row.Value.Span, ApiKeyJson.Default.ApiKey)
        ?? throw new StorageUnavailableException("A stored key cannot be read.");

    private static byte[] Write(ApiKey key) => JsonSerializer.SerializeToUtf8Bytes(key, ApiKeyJson.Default.ApiKey);
}
