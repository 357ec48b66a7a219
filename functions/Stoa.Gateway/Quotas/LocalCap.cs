using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// Counts the calls that this instance lets through while the books cannot be read, by caller and minute. Losing it loses nothing but
/// that count.
/// </summary>
internal sealed class LocalCap(TimeProvider time)
{
    public const string Name = "instance-requests-per-minute";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>How the cap stands afterwards.</summary>
    public Allowance Take(string caller, int cap, out bool isGranted)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var minute = now.ToUnixTimeSeconds() / 60;
            if (_minute != minute)
            {
                _taken.Clear();
                _minute = minute;
            }

            var taken = _taken.GetValueOrDefault(caller);
            isGranted = taken < cap;
            _taken[caller] = taken = isGranted ? taken + 1 : taken;
            var end = DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60);
            return new(Name, "requests", cap, Math.Max(0, cap - taken), TimeSpan.FromMinutes(1), end, end - now) { Used = taken, ResetsIn = end - now };
        }
    }
}
