using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit.Subjects;

/// <summary>
/// A key per subject, under which hashes of its contents stand in the ledger: 32 random bytes, sealed by the key ring, in a row of table
/// <c>StoaAuditSubjects</c> (partition: the tenant's uid; key: the consumer's name and uid). Whoever has no key can link no hash to a content,
/// so destroying it forgets a subject and every proof stays valid.
/// </summary>
internal sealed class SubjectKeys
{
    public const string Table = "StoaAuditSubjects";

    // How long another instance may go on hashing under a key that was destroyed.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    private const string Purpose = "audit-subject";
    private const int MaxPage = 100;

    private readonly IRowStore _rows;
    private readonly Sealer _sealer;
    private readonly FreshCache<Subject, SubjectKey> _known;

    public SubjectKeys(IRowStore rows, Sealer sealer, TimeSpan maxStale, TimeProvider time)
    {
        (_rows, _sealer) = (rows, sealer);
        _known = new(async (subject, ct) => await LoadAsync(subject, ct), new Staleness(Fresh, maxStale > Fresh ? maxStale : Fresh), time);
    }

    /// <summary>The key of a caller, made on its first call; null for a platform administrator, who is nobody's subject.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be had now.</exception>
    public ValueTask<SubjectKey?> OfAsync(Caller caller, CancellationToken ct) =>
        Subject.Of(caller) is { } subject ? _known.GetAsync(subject, ct) : default;

    /// <summary>Destroys the keys of everyone in the tenant who has or had this name; says how many there were.</summary>
    public async ValueTask<int> EraseAsync(string tenantUid, string consumer, CancellationToken ct)
    {
        var erased = 0;
        string? next = null;
        do
        {
            var page = await _rows.ListAsync(Table, RowRange.Prefix(tenantUid, consumer + ":"), MaxPage, next, ct);
            foreach (var row in page.Rows)
            {
                // A row never changes, so it is this one or gone; a lost answer shows in the next listing.
                await _rows.WriteAsync(Table, RowChange.Delete(row.Partition, row.Key, row.ETag), ct);
                erased++;
            }

            next = page.Continuation;
        }
        while (next is not null);

        _known.Clear();
        return erased;
    }

    /// <summary>The keys of everyone in the tenant who has or had this name, as storage has them now.</summary>
    public async IAsyncEnumerable<SubjectKey> AllAsync(string tenantUid, string consumer, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await _rows.ListAsync(Table, RowRange.Prefix(tenantUid, consumer + ":"), MaxPage, next, ct);
            foreach (var row in page.Rows)
            {
                yield return await OpenAsync(row, ct);
            }

            next = page.Continuation;
        }
        while (next is not null);
    }

    private async ValueTask<SubjectKey> LoadAsync(Subject subject, CancellationToken ct)
    {
        var row = await _rows.GetAsync(Table, subject.TenantUid, subject.RowKey, ct);
        if (row is null)
        {
            var token = await _sealer.SealAsync(Purpose, [subject.TenantUid, subject.RowKey], RandomNumberGenerator.GetBytes(SubjectKey.Size), ct);
            await _rows.WriteAsync(Table, RowChange.Insert(subject.TenantUid, subject.RowKey, Encoding.UTF8.GetBytes(token)), ct);

            // Whoever came first, or whatever answer was lost: what is stored now counts.
            row = await _rows.GetAsync(Table, subject.TenantUid, subject.RowKey, ct)
                ?? throw new StorageUnavailableException("A subject's key was destroyed just when it was made; try again.");
        }

        return await OpenAsync(row, ct);
    }

    private async ValueTask<SubjectKey> OpenAsync(Row row, CancellationToken ct) =>
        await _sealer.OpenAsync(Purpose, [row.Partition, row.Key], Encoding.UTF8.GetString(row.Value.Span), ct) is { } key
            ? new(key)
            : throw new InvalidDataException("A subject's key in the table StoaAuditSubjects does not open. Restore the row, or delete it to forget the subject.");
}
