using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Config;

/// <summary>
/// Changes configuration: read the revision in force, compute the next one, swap the pointer, and start over on the new base when
/// another writer was first. Every commit of any number of instances lands exactly once, in one sequence.
/// </summary>
internal sealed class ConfigStore(RevisionLog log, ConfigReader reader, TimeProvider time)
{
    // With jitter up to 256 ms this gives way to dozens of racing writers; beyond it is a fault in the callers.
    private const int MaxAttempts = 40;

    /// <summary>The pointer, also of a deleted tenant; null when there never was such a tenant.</summary>
    public async ValueTask<HeadRow?> LoadHeadAsync(TenantId tenant, CancellationToken ct) => (await log.ReadHeadAsync(tenant, ct))?.Row;

    /// <summary>The revision in force as storage has it now, whatever this instance has cached; null when there is no such tenant.</summary>
    public async ValueTask<Revision?> LoadCurrentAsync(TenantId tenant, CancellationToken ct) =>
        await log.ReadHeadAsync(tenant, ct) is { Row.Deleted: false } head ? await log.ReadAsync(tenant, head.Row, ct) : null;

    /// <summary>A revision by number, or null. The one a deletion left behind is empty.</summary>
    public ValueTask<Revision?> LoadRevisionAsync(TenantId tenant, long number, CancellationToken ct) => log.ReadAsync(tenant, number, ct);

    /// <summary>
    /// Commits what <paramref name="change"/> makes of the revision in force (null: no such tenant yet). It runs again on a newer base
    /// when a race is lost, so it must not act on anything but its argument. Returns the revision then in force: the new one, or the
    /// base when nothing was to change.
    /// </summary>
    public ValueTask<Revision?> CommitAsync(TenantId tenant, Func<Revision?, ChangeSet> change, string by, CancellationToken ct) =>
        CommitAsync(tenant, (current, _) => new ValueTask<ChangeSet>(change(current)), by, ct);

    /// <summary>The same for a change that needs to wait, for example to seal a secret.</summary>
    public ValueTask<Revision?> CommitAsync(
        TenantId tenant, Func<Revision?, CancellationToken, ValueTask<ChangeSet>> change, string by, CancellationToken ct) =>
        AdvanceAsync(
            tenant,
            async current =>
            {
                var changes = await change(current, ct);
                return changes.IsEmpty ? null : new Step(changes.ApplyTo(current), changes.Summary);
            },
            by,
            ct);

    /// <summary>Ends the tenant: its history stays, its slug is free, and whoever takes that gets another uid. False when there is none.</summary>
    public async ValueTask<bool> DeleteAsync(TenantId tenant, string by, CancellationToken ct)
    {
        var existed = false;
        await AdvanceAsync(
            tenant,
            current =>
            {
                existed = current is not null;
                return new(existed ? new Step([], "Tenant deleted") { Deletes = true } : null);
            },
            by,
            ct);
        return existed;
    }

    /// <summary>
    /// Puts a former revision's content in force under a new number, as <see cref="Rollback"/> says. Null when the tenant's present
    /// incarnation has no revision of that number (any more).
    /// </summary>
    public async ValueTask<Revision?> RollbackAsync(TenantId tenant, long toNumber, string by, CancellationToken ct)
    {
        var found = false;
        var result = await AdvanceAsync(
            tenant,
            async current =>
            {
                var old = current is null ? null : await log.ReadAsync(tenant, toNumber, ct);
                found = old is not null && old.Uid == current!.Uid;
                return found && old!.Number != current!.Number
                    ? new Step(Rollback.Restore(old, current, time.GetUtcNow()), $"Rolled back to revision {toNumber}") { RolledBackTo = toNumber }
                    : null;
            },
            by,
            ct);
        return found ? result : null;
    }

    /// <summary>Up to <paramref name="take"/> (1 to 1000) entries with numbers below <paramref name="before"/> (null: all), newest first.</summary>
    public async ValueTask<IReadOnlyList<HistoryEntry>> HistoryAsync(TenantId tenant, long? before, int take, CancellationToken ct)
    {
        var last = (await log.ReadHeadAsync(tenant, ct))?.Row.Revision ?? 0;
        var from = Math.Min(before ?? long.MaxValue, last + 1);
        var rows = await log.ListAsync(tenant, from, take, ct);
        return [.. rows.Select(r => new HistoryEntry(r.Number, r.Row.Uid, r.Row.At, r.Row.By, r.Row.Summary, r.Row.RolledBackTo, r.Row.Deleted))];
    }

    /// <summary>One page of living tenants; a page may be empty while there is more.</summary>
    public ValueTask<TenantPage> TenantsAsync(string? continuation, CancellationToken ct) =>
        log.ListTenantsAsync(continuation, withDeleted: false, ct);

    private async ValueTask<Revision?> AdvanceAsync(TenantId tenant, Func<Revision?, ValueTask<Step?>> decide, string by, CancellationToken ct)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var head = await log.ReadHeadAsync(tenant, ct);
            var current = head is { Row.Deleted: false } alive ? await log.ReadAsync(tenant, alive.Row, ct) : null;
            if (await decide(current) is not { } step)
            {
                return current;
            }

            var now = time.GetUtcNow();
            var uid = current?.Uid ?? Guid.CreateVersion7(now).ToString("N");
            var next = new Revision(tenant, (head?.Row.Revision ?? 0) + 1, uid, step.Resources);
            if (await log.TryAppendAsync(head, new Draft(next, now, by, step.Summary, step.RolledBackTo, step.Deletes), ct))
            {
                var inForce = step.Deletes ? null : next;
                reader.Publish(tenant, next.Number, uid, inForce);
                return inForce;
            }

            // Full jitter: racers that collided once must not collide again in step.
            var most = 1 << Math.Min(attempt, 8);
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(most + 1)), time, ct);
        }

        throw new StorageUnavailableException($"The configuration of tenant '{tenant}' is being changed by too many at once; try again.");
    }

    private sealed record Step(IReadOnlyList<Resource> Resources, string Summary)
    {
        public long? RolledBackTo { get; init; }

        public bool Deletes { get; init; }
    }
}

/// <summary>One line of a tenant's history.</summary>
/// <param name="Uid">The incarnation of the tenant that it belongs to.</param>
internal sealed record HistoryEntry(long Number, string Uid, DateTimeOffset At, string By, string Summary, long? RolledBackTo, bool Deleted);
