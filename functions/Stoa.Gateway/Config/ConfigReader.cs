using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Config;

/// <summary>
/// The revision in force, for every call: from memory while it was checked recently, else after one read of the pointer. Never answers
/// with an older revision than before.
/// </summary>
internal sealed class ConfigReader
{
    // After a failed check calls do not each wait for storage to fail again.
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly RevisionLog _log;
    private readonly ConfigSettings _settings;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<TenantId, Snapshot> _known = new();
    private readonly UnknownTenants _unknown;
    private readonly SingleFlight<TenantId, Revision?> _checks;

    public ConfigReader(RevisionLog log, ConfigSettings settings, TimeProvider time)
    {
        (_log, _settings, _time) = (log, settings, time);
        _unknown = new UnknownTenants(settings.Freshness, time);
        _checks = new SingleFlight<TenantId, Revision?>(CheckAsync);
    }

    /// <summary>
    /// The tenant's revision, null when there is no such tenant. Throws <see cref="StorageUnavailableException"/> when storage does not
    /// answer and nothing recent enough is known.
    /// </summary>
    public ValueTask<Revision?> GetAsync(TenantId tenant, CancellationToken ct)
    {
        var now = _time.GetTimestamp();
        if (_known.TryGetValue(tenant, out var snapshot))
        {
            if (_time.GetElapsedTime(snapshot.CheckedAt, now) < _settings.Freshness || (JustFailed(snapshot, now) && IsServable(snapshot, now)))
            {
                return new(snapshot.Revision);
            }
        }
        else if (_unknown.Contains(tenant, now))
        {
            return default;
        }

        return CheckedAsync(tenant, ct);
    }

    /// <summary>
    /// Takes over what this instance has just committed, so that it is effective here on the next call. Null for a tenant just deleted.
    /// </summary>
    public void Publish(TenantId tenant, long number, string uid, Revision? revision)
    {
        var fresh = new Snapshot(number, uid, revision, _time.GetTimestamp());

        // Two commits may finish here in either order. Numbers grow across incarnations too, so the greater one is the later one.
        _known.AddOrUpdate(tenant, static (_, fresh) => fresh, static (_, old, fresh) => fresh.Number > old.Number ? fresh : old, fresh);
    }

    private async ValueTask<Revision?> CheckedAsync(TenantId tenant, CancellationToken ct)
    {
        try
        {
            return await _checks.JoinAsync(tenant, ct);
        }
        catch (StorageUnavailableException)
        {
            var now = _time.GetTimestamp();
            if (!_known.TryGetValue(tenant, out var snapshot) || !IsServable(snapshot, now))
            {
                throw;
            }

            _known.TryUpdate(tenant, snapshot.Failed(now), snapshot);
            return snapshot.Revision;
        }
    }

    private async Task<Revision?> CheckAsync(TenantId tenant)
    {
        var seen = _known.GetValueOrDefault(tenant);

        // Taken before the read: what the read brings is at least as new as this.
        var now = _time.GetTimestamp();
        var head = (await _log.ReadHeadAsync(tenant, CancellationToken.None))?.Row;
        if (seen is null && head is null or { Deleted: true })
        {
            _unknown.Add(tenant, now);
            return null;
        }

        Snapshot fresh;
        if (seen is not null && head?.Uid == seen.Uid && head.Revision <= seen.Number)
        {
            fresh = seen.Checked(now);
        }
        else
        {
            var revision = head is null or { Deleted: true } ? null : await _log.ReadAsync(tenant, head, CancellationToken.None);
            fresh = new Snapshot(head?.Revision ?? 0, head?.Uid ?? "", revision, now);
        }

        // Lost only to our own Publish, which is later than what we have just read or within the same freshness period.
        var installed = seen is null ? _known.TryAdd(tenant, fresh) : _known.TryUpdate(tenant, fresh, seen);
        return installed ? fresh.Revision : _known[tenant].Revision;
    }

    private bool JustFailed(Snapshot snapshot, long now) =>
        snapshot.FailedAt is { } failedAt && _time.GetElapsedTime(failedAt, now) < FailurePause;

    private bool IsServable(Snapshot snapshot, long now) => _time.GetElapsedTime(snapshot.CheckedAt, now) < _settings.MaxStale;

    /// <summary>What is known of a tenant, and since when. Compared by reference.</summary>
    private sealed class Snapshot(long number, string uid, Revision? revision, long checkedAt, long? failedAt = null)
    {
        public long Number => number;

        public string Uid => uid;

        public Revision? Revision => revision;

        public long CheckedAt => checkedAt;

        public long? FailedAt => failedAt;

        public Snapshot Checked(long at) => new(number, uid, revision, at);

        public Snapshot Failed(long at) => new(number, uid, revision, checkedAt, at);
    }
}
