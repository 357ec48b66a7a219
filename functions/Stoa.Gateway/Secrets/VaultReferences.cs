using System.Buffers;
using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Secrets;

/// <summary>Reads a Key Vault secret by its full name; null when there is none. Throws <see cref="StorageUnavailableException"/>.</summary>
internal delegate ValueTask<Secret?> ReadVaultSecret(string fullName, CancellationToken ct);

/// <summary>
/// Secrets that stay in Key Vault. A tenant reaches only names that begin with its own slug and two hyphens, which no other slug can
/// imitate. Read once per five minutes and name, whatever the traffic.
/// </summary>
internal sealed class VaultReferences
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>A secret just created in the vault must not stay unknown for long.</summary>
    public static readonly TimeSpan MissingLifetime = TimeSpan.FromSeconds(30);

    /// <summary>How long a value serves while the vault does not answer, from its last reading.</summary>
    public static readonly TimeSpan MaxStale = TimeSpan.FromHours(1);

    // After a failed reading calls do not each wait for the vault to fail again.
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(10);

    // Key Vault allows 127; the longest prefix takes 42.
    private const int LongestName = 85;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private readonly ReadVaultSecret? _read;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.Ordinal);
    private readonly SingleFlight<string, Secret?> _flights;

    /// <param name="read">Null when this gateway has no vault.</param>
    public VaultReferences(ReadVaultSecret? read, TimeProvider time)
    {
        (_read, _time) = (read, time);
        _flights = new(FetchAsync);
    }

    /// <summary>Why a reference cannot be accepted, in words for whoever applies it; null when it can.</summary>
    public string? Refuse(string name)
    {
        if (_read is null)
        {
            return "This gateway has no Key Vault (setting Stoa__KeyVault), so a secret cannot refer to one; give the value itself.";
        }

        return name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? $"A Key Vault secret name is 1 to {LongestName} letters, digits and hyphens, without the tenant's prefix."
            : null;
    }

    public ValueTask<Secret?> ReadAsync(TenantId tenant, string name, CancellationToken ct)
    {
        // Stored references passed this check at apply; the settings may have changed since.
        if (Refuse(name) is { } refusal)
        {
            throw new InvalidDataException(refusal);
        }

        var fullName = $"{tenant}--{name}";
        return _readings.TryGetValue(fullName, out var reading) && IsFresh(reading)
            ? new(reading.Value)
            : ReadAsync(fullName, ct);
    }

    private async ValueTask<Secret?> ReadAsync(string fullName, CancellationToken ct)
    {
        try
        {
            return await _flights.JoinAsync(fullName, ct);
        }
        catch (StorageUnavailableException)
        {
            if (!_readings.TryGetValue(fullName, out var reading) || reading.Value is null || Age(reading.At) >= MaxStale)
            {
                throw;
            }

            _readings.TryUpdate(fullName, reading with { FailedAt = _time.GetTimestamp() }, reading);
            return reading.Value;
        }
    }

    private async Task<Secret?> FetchAsync(string fullName)
    {
        var at = _time.GetTimestamp();
        var value = await _read!(fullName, CancellationToken.None);
        foreach (var old in _readings.Where(r => Age(r.Value.At) >= MaxStale))
        {
            _readings.TryRemove(old);
        }

        _readings[fullName] = new Reading(value, at, null);
        return value;
    }

    private bool IsFresh(Reading reading) =>
        Age(reading.At) < (reading.Value is null ? MissingLifetime : Lifetime)
        || (reading is { Value: not null, FailedAt: { } failedAt } && Age(failedAt) < FailurePause && Age(reading.At) < MaxStale);

    private TimeSpan Age(long at) => _time.GetElapsedTime(at);

    private sealed record Reading(Secret? Value, long At, long? FailedAt);
}
