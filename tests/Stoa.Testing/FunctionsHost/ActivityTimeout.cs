namespace Stoa.Testing.FunctionsHost;

/// <summary>Cancelled when the client leaves, or when no byte has passed for 240 s: the host's <c>ActivityTimeout</c>.</summary>
internal sealed class ActivityTimeout : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    private readonly CancellationTokenSource _source;

    public ActivityTimeout(CancellationToken clientLeft)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(clientLeft);
        Reset();
    }

    public CancellationToken Token => _source.Token;

    public void Reset() => _source.CancelAfter(Limit);

    public void Dispose() => _source.Dispose();
}
