using System.Diagnostics;

namespace Stoa.Testing;

/// <summary>Waits for what another process will do by itself, within a deadline that the test states.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes and says how long that took; a <see cref="TimeoutException"/> after the deadline.</summary>
    public static async Task<TimeSpan> TrueAsync(Func<Task<bool>> ask, TimeSpan deadline, string what)
    {
        var clock = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(Pause);
        while (!await ask())
        {
            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"Not within {deadline.TotalSeconds:0.#} s: {what}.");
            }

            await ticks.WaitForNextTickAsync();
        }

        return clock.Elapsed;
    }
}
