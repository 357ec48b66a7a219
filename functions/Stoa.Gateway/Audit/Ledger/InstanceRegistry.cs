using System.Globalization;
using System.Text;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>
/// The instances that ever wrote, insert only: one row each, in a partition per day, with the hash of its <c>open</c>. An instance whose blobs
/// vanish is missed, as it is known from here.
/// </summary>
internal sealed class InstanceRegistry(IRowStore rows)
{
    public const string Table = "StoaAuditInstances";

    /// <summary>Returns once the row is there. A repetition finds its own row.</summary>
    public async ValueTask RegisterAsync(Registration registration, CancellationToken ct)
    {
        var (partition, key) = (PartitionOf(registration.OpenedAt), registration.Instance.ToString());
        var value = Encoding.UTF8.GetBytes(registration.ToLine());
        var result = await rows.WriteAsync(Table, RowChange.Insert(partition, key, value), ct);
        if (!result.IsDone && (await rows.GetAsync(Table, partition, key, ct))?.Value.Span.SequenceEqual(value) is not true)
        {
            throw new StorageUnavailableException($"The ledger's instance {key} cannot be registered: {result.Status}.");
        }
    }

    public static string PartitionOf(DateTimeOffset day) => day.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
