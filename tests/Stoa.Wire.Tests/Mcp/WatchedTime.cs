using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>A clock that stands still until told otherwise, and tells when somebody has begun to wait on it.</summary>
internal sealed class WatchedTime : TimeProvider
{
    private readonly FakeTime _time = new();
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _begun = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Signal)> _waiting = [];
    private int _reads;

    /// <summary>How often the time was asked for.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _reads);
        return _time.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _time.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            if (_waiting.FindIndex(w => w.Due == dueTime) is var at and >= 0)
            {
                _waiting[at].Signal.SetResult();
                _waiting.RemoveAt(at);
            }
            else
            {
                _begun.Add(dueTime);
            }
        }

        return timer;
    }

    public void Advance(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets so much time pass once somebody waits for exactly that long.</summary>
    public async Task PassAsync(int seconds)
    {
        var due = TimeSpan.FromSeconds(seconds);
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_begun.Remove(due))
            {
                signal.SetResult();
            }
            else
            {
                _waiting.Add((due, signal));
            }
        }

        await signal.Task.WaitAsync(TimeSpan.FromMinutes(1));
        _time.Advance(due);
    }
}
