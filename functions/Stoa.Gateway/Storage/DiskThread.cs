using System.Collections.Concurrent;

namespace Stoa.Gateway.Storage;

/// <summary>
/// Does what concerns a disk, one thing after the other, on a thread of its own: a flush to disk takes as long as several calls, and on the pool's threads, of
/// which there may be one, all of them would wait for it.
/// </summary>
internal sealed class DiskThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public DiskThread() => new Thread(Run) { IsBackground = true, Name = "disk" }.Start();

    /// <exception cref="StorageUnavailableException">The disk did not take it.</exception>
    /// <exception cref="ObjectDisposedException">The process ends.</exception>
    public ValueTask<T> RunAsync<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(_work.IsAddingCompleted, this);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
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
        return new(done.Task);
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
