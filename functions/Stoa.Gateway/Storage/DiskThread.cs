namespace Stoa.Gateway.Storage;

/// <summary>
/// Does what concerns a disk, one thing after the other, on a thread of its own: a flush to disk takes as long as several calls, and on the pool's threads, of
/// which there may be one, all of them would wait for it.
/// </summary>
internal sealed class DiskThread : IDisposable
{
    // Under its own lock, and waited for without one. A collection that waits by itself spins first, which on one core takes the time of
    // those who bring the work.
    private readonly Queue<Action> _work = new();
    private readonly AutoResetEvent _brought = new(false);
    private bool _isOver;

    public DiskThread() => new Thread(Run) { IsBackground = true, Name = "disk" }.Start();

    /// <exception cref="StorageUnavailableException">The disk did not take it.</exception>
    /// <exception cref="ObjectDisposedException">The process ends.</exception>
    public ValueTask<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_work)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            _work.Enqueue(() =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    done.SetException(new StorageUnavailableException($"The ledger cannot be written: {e.Message}", e));
                }
            });
        }

        _brought.Set();
        return new(done.Task);
    }

    /// <summary>What was asked for before is still done.</summary>
    public void Dispose()
    {
        lock (_work)
        {
            _isOver = true;
        }

        _brought.Set();
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        while (true)
        {
            lock (_work)
            {
                if (_work.TryDequeue(out var work) || _isOver)
                {
                    return work;
                }
            }

            _brought.WaitOne();
        }
    }
}
