using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tools.Status;

/// <summary>What all instances together have seen of tools, for the management API; this instance alone while storage does not answer.</summary>
internal sealed class StatusReader(StatusRows rows, StatusBoard board, TimeProvider time)
{
    /// <summary>By name, for those of the resources that are tools; one reading of storage however many they are. In ordinal order of names.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ToolStatus>> ReadAsync(TenantId tenant, IEnumerable<Resource> resources, CancellationToken ct)
    {
        var tools = resources.Where(r => r.Kind == ToolKind.Schema.Kind).ToArray();
        if (tools.Length == 0)
        {
            return new Dictionary<string, ToolStatus>();
        }

        var stored = await ReadStoredAsync(tenant, [.. tools.Select(t => t.Name)], ct);
        return tools.ToDictionary(
            t => t.Name,
            t =>
            {
                var seen = board.Find(tenant, t.Uid) ?? ToolStatus.Unknown;
                return AsOfNow(stored.GetValueOrDefault(t.Name) is { } row && row.Uid == t.Uid ? seen.With(row.Status) : seen);
            },
            StringComparer.Ordinal);
    }

    // Nobody writes when the time of an open breaker is over; the next call tries.
    private ToolStatus AsOfNow(ToolStatus status) =>
        status.Breaker is { State: BreakerPhase.Open, Until: { } until } breaker && until <= time.GetUtcNow() ? status with { Breaker = breaker with { State = BreakerPhase.HalfOpen, Until = null } } : status;

    private async ValueTask<Dictionary<string, StatusRow>> ReadStoredAsync(TenantId tenant, string[] names, CancellationToken ct)
    {
        try
        {
            return await rows.ReadAsync(tenant, names, ct);
        }
        catch (StorageUnavailableException)
        {
            return [];
        }
    }
}
