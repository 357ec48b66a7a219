using Stoa.Gateway.Storage;

namespace Stoa.Testing;

/// <summary>An append store whose writes can be held, refused and robbed of their answers, as a test says; reads pass. Shows what was written when.</summary>
public sealed class ScriptedAppendStore(IAppendStore store) : IAppendStore
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _held;
    private int _appends;
    private int _waiting;

    /// <summary>Appends that took effect, each with its lines.</summary>
    public int Appends => Volatile.Read(ref _appends);

    /// <summary>Writes that are held.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Every write fails before it arrives.</summary>
    public bool IsDown { get; set; }

    /// <summary>Every blob turns out to be of no use once it is there.</summary>
    public bool RefusesBlocks { get; set; }

    /// <summary>So many of the next writes take effect and lose their answer.</summary>
    public int LosesAnswers { get; set; }

    /// <summary>Writes wait, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _held?.SetResult();
            _held = null;
        }
    }

    public ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct) =>
        WriteAsync(() => store.CreateAsync(container, name, ct), ct);

    public ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct) =>
        WriteAsync(
            async () =>
            {
                if (RefusesBlocks)
                {
                    return WriteStatus.Stale;
                }

                var before = await store.LengthAsync(container, name, ct);
                var status = await store.AppendAsync(container, name, block, position, ct);
                if (status is WriteStatus.Done && before == position)
                {
                    Interlocked.Increment(ref _appends);
                }

                return status;
            },
            ct);

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct) =>
        store.ReadAsync(container, name, from, most, ct);

    public ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct) => store.LengthAsync(container, name, ct);

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct) =>
        store.ListAsync(container, prefix, take, continuation, ct);

    private async ValueTask<WriteStatus> WriteAsync(Func<ValueTask<WriteStatus>> write, CancellationToken ct)
    {
        Task held;
        lock (_gate)
        {
            held = _held?.Task ?? Task.CompletedTask;
        }

        if (!held.IsCompleted)
        {
            await WaitAsync(held, ct);
        }

        if (IsDown)
        {
            throw new StorageUnavailableException("Scripted: the write never arrived.");
        }

        var status = await write();
        if (LosesAnswers > 0)
        {
            LosesAnswers--;
            throw new StorageUnavailableException("Scripted: the answer was lost.");
        }

        return status;
    }

    private async Task WaitAsync(Task held, CancellationToken ct)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await held.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
