using System.Collections.Concurrent;
using System.Security.Cryptography;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Keys;

/// <summary>
/// The keys that all instances share, for what travels through callers and for secrets at rest. Kept in one blob that is swapped whole,
/// each key wrapped; opened keys stay in memory, so neither storage nor the wrap is asked per request.
/// </summary>
internal sealed class KeyRing
{
    /// <summary>How long a key is only published before it is used: twice the refresh interval, so that every instance knows it.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan RotationAge = TimeSpan.FromDays(30);

    /// <summary>How long a signature outlives the replacement of its key.</summary>
    public static readonly TimeSpan VerifiesFor = TimeSpan.FromDays(90);

    // Bounds what forged key ids and a failing store can cost.
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(10);

    private const int MaxAttempts = 8;

    private readonly IBlobStore _blobs;
    private readonly IKeyWrap _wrap;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<uint, RingKey> _opened = new();
    private readonly SingleFlight<bool, Ring> _loads;
    private readonly SingleFlight<RingFile.Entry, RingKey> _openings;
    private Ring? _ring;
    private long _triedAt;

    public KeyRing(IBlobStore blobs, IKeyWrap wrap, TimeProvider time)
    {
        (_blobs, _wrap, _time) = (blobs, wrap, time);
        _loads = new(_ => LoadAsync());
        _openings = new(OpenAsync);
    }

    /// <summary>The key to sign and seal with now.</summary>
    public ValueTask<RingKey> CurrentAsync(CancellationToken ct)
    {
        var ring = Volatile.Read(ref _ring);
        if (ring is not null && IsFresh(ring) && _opened.TryGetValue(ring.CurrentAt(_time.GetUtcNow()).Id, out var key))
        {
            return new(key);
        }

        return SlowAsync(ct);

        async ValueTask<RingKey> SlowAsync(CancellationToken ct)
        {
            var ring = await FreshAsync(ct);
            return await OpenedAsync(ring.CurrentAt(_time.GetUtcNow()), ct);
        }
    }

    /// <summary>The key of that id if it may still do this; null for one that is unknown or retired.</summary>
    public ValueTask<RingKey?> FindAsync(uint id, KeyUse use, CancellationToken ct)
    {
        var ring = Volatile.Read(ref _ring);
        if (ring is not null && IsFresh(ring) && _opened.TryGetValue(id, out var key))
        {
            return new(ring.May(id, use, _time.GetUtcNow()) ? key : null);
        }

        return SlowAsync(ct);

        async ValueTask<RingKey?> SlowAsync(CancellationToken ct)
        {
            var ring = await FreshAsync(ct);
            if (ring.Find(id) is null && MayTryAgain())
            {
                ring = await ReloadAsync(ct);
            }

            return ring.Find(id) is { } entry && ring.May(id, use, _time.GetUtcNow()) ? await OpenedAsync(entry, ct) : null;
        }
    }

    /// <summary>Adds a key if the newest is due for replacement. Any number of instances may try: one key is added.</summary>
    public ValueTask<bool> RotateIfDueAsync(CancellationToken ct) => AddAsync(onlyIfDue: true, ct);

    /// <summary>Adds a key now, for administrators. It signs after <see cref="SettlingTime"/>.</summary>
    public async ValueTask RotateAsync(CancellationToken ct) => await AddAsync(onlyIfDue: false, ct);

    private async ValueTask<bool> AddAsync(bool onlyIfDue, CancellationToken ct)
    {
        await FreshAsync(ct);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var blob = await _blobs.GetAsync(RingFile.Container, RingFile.Name, ct)
                ?? throw new InvalidDataException("The key ring has disappeared from storage; restore it.");
            var file = RingFile.Parse(blob);
            var now = _time.GetUtcNow();
            if (onlyIfDue && now - file.Keys[^1].CreatedAt < RotationAge)
            {
                return false;
            }

            var entry = await NewEntryAsync(file.Keys[^1].Id + 1, now, ct);
            var next = file with { Keys = [.. file.Keys, entry] };
            var result = await _blobs.ReplaceAsync(RingFile.Container, RingFile.Name, next.ToBytes(), blob.ETag, ct);
            if (result.IsDone || (result.Status is WriteStatus.Unknown && await HasAsync(entry, ct)))
            {
                Install(next);
                return true;
            }
        }

        throw new StorageUnavailableException("The key ring is being changed by too many at once; try again.");
    }

    private async ValueTask<bool> HasAsync(RingFile.Entry mine, CancellationToken ct) =>
        await _blobs.GetAsync(RingFile.Container, RingFile.Name, ct) is { } blob
        && RingFile.Parse(blob).Keys.Any(k => k.Id == mine.Id && k.Wrapped.Span.SequenceEqual(mine.Wrapped.Span));

    private async ValueTask<Ring> FreshAsync(CancellationToken ct)
    {
        var ring = Volatile.Read(ref _ring);
        if (ring is null)
        {
            return await ReloadAsync(ct);
        }

        if (IsFresh(ring) || !MayTryAgain())
        {
            return ring;
        }

        try
        {
            return await ReloadAsync(ct);
        }
        catch (StorageUnavailableException)
        {
            // Known keys do not go bad by growing old in memory; a key added meanwhile is met by its unknown id.
            return ring;
        }
    }

    private Task<Ring> ReloadAsync(CancellationToken ct)
    {
        Volatile.Write(ref _triedAt, _time.GetTimestamp());
        return _loads.JoinAsync(true, ct);
    }

    private async Task<Ring> LoadAsync()
    {
        // One instance's insert wins; the others, and a writer whose answer got lost, use what is there.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await _blobs.GetAsync(RingFile.Container, RingFile.Name, CancellationToken.None) is { } blob)
            {
                return Install(RingFile.Parse(blob));
            }

            if (Volatile.Read(ref _ring) is not null)
            {
                throw new InvalidDataException("The key ring has disappeared from storage; restore it.");
            }

            var first = new RingFile(1, [await NewEntryAsync(1, _time.GetUtcNow(), CancellationToken.None)]);
            await _blobs.InsertAsync(RingFile.Container, RingFile.Name, first.ToBytes(), CancellationToken.None);
        }

        throw new StorageUnavailableException("The key ring was written but cannot be read back.");
    }

    private Ring Install(RingFile file)
    {
        var fresh = new Ring(file, _time.GetTimestamp());
        Ring? seen;
        do
        {
            seen = Volatile.Read(ref _ring);

            if (seen is not null && !seen.IsSameRingAs(fresh))
            {
                throw new InvalidDataException("The key ring in storage was replaced by another one; restore it.");
            }

            // A load that began before our own rotation must not hide the new key.
            if (seen is not null && seen.Count > fresh.Count)
            {
                return seen;
            }
        }
        while (Interlocked.CompareExchange(ref _ring, fresh, seen) != seen);

        return fresh;
    }

    private async ValueTask<RingFile.Entry> NewEntryAsync(uint id, DateTimeOffset now, CancellationToken ct)
    {
        var wrapped = await _wrap.WrapAsync(RandomNumberGenerator.GetBytes(GcmBox.KeySize), ct);
        return new(id, now, wrapped.Name, wrapped.Bytes);
    }

    private async ValueTask<RingKey> OpenedAsync(RingFile.Entry entry, CancellationToken ct) =>
        _opened.TryGetValue(entry.Id, out var key) ? key : await _openings.JoinAsync(entry, ct);

    private async Task<RingKey> OpenAsync(RingFile.Entry entry)
    {
        var material = await _wrap.UnwrapAsync(new WrappedKey(entry.WrapName, entry.Wrapped), CancellationToken.None);
        return material.Length == GcmBox.KeySize
            ? _opened.GetOrAdd(entry.Id, static (id, material) => new RingKey(id, material), material)
            : throw new CryptographicException($"Key {entry.Id} of the ring is not {GcmBox.KeySize} bytes long.");
    }

    private bool IsFresh(Ring ring) => _time.GetElapsedTime(ring.LoadedAt) < RefreshInterval;

    private bool MayTryAgain() => _time.GetElapsedTime(Volatile.Read(ref _triedAt)) >= RefreshPause;
}

/// <summary>What an old key is asked for.</summary>
internal enum KeyUse
{
    /// <summary>Ends <see cref="KeyRing.VerifiesFor"/> after the key was replaced.</summary>
    Verify,

    /// <summary>Never ends: a secret sealed years ago must open.</summary>
    Open,
}
