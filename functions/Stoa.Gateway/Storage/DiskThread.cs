using System.Collections.Concurrent;

namespace Stoa.Gateway.Storage;

/// <summary>
/// Writes to disk, one after the other, on a thread of its own: a flush to disk takes as long as several calls, and on the pool's threads, of
/// which there may be one, all of them would wait for it.
/// </summary>
internal sealed class DiskThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public DiskThread() => new Thread(Run) { IsBackground = true, Name = "disk" }.Start();

    /// <exception cref="StorageUnavailableException">The disk did not take it.</exception>
    public ValueTask<WriteStatus> RunAsync(Func<WriteStatus> write)
    {
        var done = new TaskCompletionSource<WriteStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(write());
            }
            catch (IOException e)
            {
                done.SetException(new StorageUnavailableException($"The ledger cannot be written: {e.Message}", e));
            }
            catch (UnauthorizedAccessException e)
            {
                done.SetException(new StorageUnavailableException($"The ledger cannot be written: {e.Message}", e));
            }
        });
        return new(done.Task);
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var write in _work.GetConsumingEnumerable())
        {
            write();
        }
    }
}
