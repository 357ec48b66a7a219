using Microsoft.Extensions.ObjectPool;

namespace Stoa.Gateway.Egress;

/// <summary>A reusable token that is cancelled by the caller or by the clock, whichever is first. Made once per concurrent call, not per call.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private CancellationTokenRegistration _caller;

    private Deadline(TimeProvider time) => _source = new(Timeout.InfiniteTimeSpan, time);

    public CancellationToken Token => _source.Token;

    public static ObjectPool<Deadline> Pool(TimeProvider time) => new DefaultObjectPool<Deadline>(new Reuse(time), maximumRetained: 1024);

    public void Start(TimeSpan timeout, CancellationToken caller)
    {
        _source.CancelAfter(timeout);
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public void Dispose() => _source.Dispose();

    private sealed class Reuse(TimeProvider time) : PooledObjectPolicy<Deadline>
    {
        public override Deadline Create() => new(time);

        public override bool Return(Deadline obj)
        {
            obj._caller.Dispose();
            obj._caller = default;
            if (obj._source.TryReset())
            {
                return true;
            }

            obj.Dispose();
            return false;
        }
    }
}
