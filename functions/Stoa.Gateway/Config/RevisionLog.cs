using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Config;

/// <summary>
/// Where revisions are kept: immutable blobs, a history row for each, and one pointer row per tenant moved by compare-and-swap. The blob
/// is written first and the two rows in one batch, so a writer that dies leaves at worst a blob that nothing names.
/// </summary>
internal sealed class RevisionLog(IRowStore rows, IBlobStore blobs)
{
    public const string Table = "StoaConfig";
    public const string Container = "stoa-config";

    private const int LongestSummary = 2000;

    /// <summary>The pointer with its version, deleted tenants included; null when there never was such a tenant.</summary>
    public async ValueTask<Head?> ReadHeadAsync(TenantId tenant, CancellationToken ct)
    {
        var row = await rows.GetAsync(Table, tenant.ToString(), HeadRow.Key, ct);
        return row is null ? null : new Head(Parse(row), row.ETag);
    }

    /// <summary>The revision that the pointer names.</summary>
    public async ValueTask<Revision> ReadAsync(TenantId tenant, HeadRow head, CancellationToken ct)
    {
        var blob = await blobs.GetAsync(Container, head.Blob, ct)
            ?? throw RevisionBlob.Corrupt(tenant, head.Revision, "its blob is missing");
        return RevisionBlob.Read(blob.Content, tenant, head.Revision, head.Sha256);
    }

    /// <summary>A revision of the past, or null when there is none of that number (any more).</summary>
    public async ValueTask<Revision?> ReadAsync(TenantId tenant, long number, CancellationToken ct)
    {
        if (await ReadRowAsync(tenant, number, ct) is not { } row)
        {
            return null;
        }

        if (await blobs.GetAsync(Container, row.Blob, ct) is { } blob)
        {
            return RevisionBlob.Read(blob.Content, tenant, number, row.Sha256);
        }

        // The sweep removes the row before the blob: the row gone too means swept meanwhile, the row still there means damage.
        return await ReadRowAsync(tenant, number, ct) is null ? null : throw RevisionBlob.Corrupt(tenant, number, "its blob is missing");
    }

    /// <summary>Makes the draft the revision in force if the pointer has not moved since <paramref name="onto"/> was read.</summary>
    public async ValueTask<bool> TryAppendAsync(Head? onto, Draft draft, CancellationToken ct)
    {
        var next = draft.Next;
        var partition = next.Tenant.ToString();
        var blobName = $"{partition}/{next.Number}-{Guid.CreateVersion7(draft.At):N}.json";
        var content = RevisionBlob.Write(next, draft.At, draft.By);
        var hash = RevisionBlob.Hash(content.Span);

        // The name is ours alone, so Exists can only mean that an earlier send of this very write arrived.
        if ((await blobs.InsertAsync(Container, blobName, content, ct)).Status is not (WriteStatus.Done or WriteStatus.Exists))
        {
            return false;
        }

        var summary = draft.Summary.Length > LongestSummary ? draft.Summary[..LongestSummary] : draft.Summary;
        var head = new HeadRow(next.Number, blobName, hash, next.Uid, draft.At, draft.By, draft.Deleted);
        var revision = new RevisionRow(blobName, hash, next.Uid, draft.At, draft.By, summary, draft.RolledBackTo, draft.Deleted);
        var headBytes = JsonSerializer.SerializeToUtf8Bytes(head, ConfigJson.Default.HeadRow);
        var result = await rows.WriteAsync(
            Table,
            [
                onto is { } old
                    ? RowChange.Replace(partition, HeadRow.Key, headBytes, old.ETag)
                    : RowChange.Insert(partition, HeadRow.Key, headBytes),
                RowChange.Insert(
                    partition, RevisionRow.Key(next.Number), JsonSerializer.SerializeToUtf8Bytes(revision, ConfigJson.Default.RevisionRow)),
            ],
            ct);

        return result.Status switch
        {
            WriteStatus.Done => true,
            WriteStatus.Stale or WriteStatus.Exists or WriteStatus.Missing => false,
            _ => (await ReadRowAsync(next.Tenant, next.Number, ct))?.Blob == blobName,
        };
    }

    /// <summary>
    /// Up to <paramref name="take"/> (1 to 1000) numbers below <paramref name="before"/>, newest first; shorter where old ones were swept.
    /// </summary>
    public async ValueTask<IReadOnlyList<(long Number, RevisionRow Row)>> ListAsync(TenantId tenant, long before, int take, CancellationToken ct)
    {
        var range = new RowRange(tenant.ToString(), RevisionRow.Key(Math.Max(0, before - take)), RevisionRow.Key(before));
        var found = new List<(long, RevisionRow)>(take);
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(Table, range, take, continuation, ct);
            found.AddRange(page.Rows.Select(r => (RevisionRow.NumberOf(r.Key), ParseRevision(r))));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        found.Reverse();
        return found;
    }

    /// <summary>
    /// One page of living tenants in ordinal order. It walks over the history rows too, so it is for administration, not for calls; a page
    /// may be empty while there is more.
    /// </summary>
    public async ValueTask<TenantPage> ListTenantsAsync(string? continuation, bool withDeleted, CancellationToken ct)
    {
        var page = await rows.ListAsync(Table, new RowRange(), 1000, continuation, ct);
        var tenants = new List<TenantId>();
        foreach (var row in page.Rows)
        {
            if (row.Key == HeadRow.Key && TenantId.TryParse(row.Partition, out var tenant) && (withDeleted || !Parse(row).Deleted))
            {
                tenants.Add(tenant);
            }
        }

        return new(tenants, page.Continuation);
    }

    internal static RevisionRow ParseRevision(Row row) =>
        Parse(row, ConfigJson.Default.RevisionRow);

    private static HeadRow Parse(Row row) => Parse(row, ConfigJson.Default.HeadRow);

    private static T Parse<T>(Row row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Value.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Row '{row.Key}' of tenant '{row.Partition}' in table {Table} is damaged.", e);
        }
    }

    private async ValueTask<RevisionRow?> ReadRowAsync(TenantId tenant, long number, CancellationToken ct) =>
        await rows.GetAsync(Table, tenant.ToString(), RevisionRow.Key(number), ct) is { } row ? ParseRevision(row) : null;
}

/// <summary>The pointer as read, and the version to swap it by.</summary>
internal readonly record struct Head(HeadRow Row, ETag ETag);

/// <summary>A revision about to be committed.</summary>
internal sealed record Draft(Revision Next, DateTimeOffset At, string By, string Summary, long? RolledBackTo, bool Deleted);

/// <summary>Tenants, and where the next page starts, if there may be one.</summary>
internal sealed record TenantPage(IReadOnlyList<TenantId> Tenants, string? Continuation);
